import { useState } from 'react';
import { useCompetition } from '../competition/use-competition.ts';
import { myDates } from '../competition/phase.ts';
import { formatBytes } from '../format/number.ts';
import { When } from '../ui/instant.tsx';
import { LateNotice } from '../dates/late-notice.tsx';

import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { acceptedFiles, acceptedWords } from './accepted.ts';
import { AllowanceLine } from './allowance-line.tsx';
import { CheckedFile } from './checked-file.tsx';
import { DropArea } from './drop-area.tsx';
import { PartSelect } from './part-select.tsx';
import { RunTerms } from './run-terms.tsx';
import { SentSubmission } from './sent-submission.tsx';
import classes from './submit.module.css';
import { useSubmitFlow } from './use-submit-flow.ts';

export function SubmitPage() {
  const { competition, phase } = useCompetition();
  return (
    <>
      <PageTitle parts={['Submit', competition.title]} />
      {/* A file that was checked against one phase must not be sent to another. */}
      <SubmitForm key={`${competition.slug} ${phase.slug}`} />
    </>
  );
}

function SubmitForm() {
  const { competition, phase, phaseSlug, staff } = useCompetition();
  const { flow, choose, claim, send, cancel, restart } = useSubmitFlow({
    slug: competition.slug,
    phase: phaseSlug,
    maxBytes: competition.maxFileBytes,
    accepts: phase.accepts,
  });
  const { closesAt } = myDates(phase);
  const [part, choosePart] = useState<string>();
  const lacksPart = phase.parts.length > 0 && part === undefined;
  const hint = `${acceptedFiles(phase.accepts)}, at most ${formatBytes(competition.maxFileBytes)}. It is checked before it is sent.`;
  return (
    <section
      className={classes.page}
      data-code={(flow.kind === 'sent' && flow.receipt.kind !== 'predictions') || undefined}
      aria-label="Submit"
    >
      <AllowanceLine slug={competition.slug} phase={phaseSlug} timeZone={competition.timeZone} />
      {phase.status === 'open' || staff ? null : (
        <Notice tone="signal" title={phase.status === 'upcoming' ? 'Not open yet' : 'Closed'}>
          {phase.status === 'upcoming' && phase.opensAt !== null ? (
            <>
              Submissions open <When at={phase.opensAt} timeZone={competition.timeZone} />.
            </>
          ) : null}
          {phase.status === 'closed' && closesAt !== null ? (
            <>
              The deadline was <When at={closesAt} timeZone={competition.timeZone} />. A file can still be checked here.
            </>
          ) : null}
        </Notice>
      )}
      {phase.status === 'open' && !staff ? <LateNotice phase={phase} timeZone={competition.timeZone} /> : null}
      {flow.kind === 'sent' ? (
        <SentSubmission receipt={flow.receipt} rankBefore={flow.rankBefore} onAnother={restart} />
      ) : (
        <>
          {phase.parts.length === 0 ? null : (
            <PartSelect
              parts={phase.parts}
              chosen={part}
              fixed={flow.kind === 'sending'}
              onChoose={(slug) => choosePart(slug)}
            />
          )}
          {flow.kind === 'sending' || lacksPart ? null : (
            <DropArea
              onFile={choose}
              title={
                flow.kind === 'choose'
                  ? `Drop your ${acceptedWords(phase.accepts)} here, or choose a file`
                  : 'Choose another file'
              }
              hint={hint}
              compact={flow.kind !== 'choose'}
            />
          )}
          {flow.kind === 'choose' || lacksPart ? null : (
            <CheckedFile flow={flow} onSend={(note) => void send(note, part)} onClaim={claim} onCancel={cancel} />
          )}
          {phase.runSettings === undefined ? null : (
            <RunTerms settings={phase.runSettings} laptopCommand={phase.laptopCommand} />
          )}
        </>
      )}
    </section>
  );
}
