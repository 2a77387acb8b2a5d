import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  downloadFinalStanding,
  exportFinalStanding,
  exportFinalStandingWithNames,
  type FinalStandingView,
  freezeFinalStanding,
  revealPrivateBoard,
} from '../../../core/contract/final-standing.ts';
import { call, urlOf } from '../api/call.ts';
import { finalStandingQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { When } from '../ui/instant.tsx';
import { DownloadButton } from '../ui/links.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './final-standing.module.css';

const rereadMs = 5000;

/** Whether the private board is final, the hash to check it by, and what staff may do about it. */
export function FinalStanding() {
  const { competition, phaseSlug, staff } = useCompetition();
  const query = useQuery({
    ...finalStandingQuery({ slug: competition.slug, phase: phaseSlug }),
    // Until it is frozen, which the server does by itself.
    refetchInterval: ({ state }) => (state.data?.revealed === true && state.data.final === null ? rereadMs : false),
  });
  if (query.isError) return <Failure error={query.error} title="The final standing could not be loaded" />;
  if (query.data === undefined) return null;
  const { final, revealed, forStaff } = query.data;
  const place = { params: { slug: competition.slug }, query: { phase: phaseSlug } };
  const instructs = competition.role === 'instructor';
  return (
    <div className="stack">
      {final === null ? (
        revealed ? (
          <p className="dim">
            Not final yet: it is frozen once everything is graded.
            {forStaff === undefined || forStaff.waiting === 0
              ? ''
              : ` ${formatCount(forStaff.waiting, 'submission')} wait or run.`}
          </p>
        ) : null
      ) : (
        <div className={classes.final}>
          <p>
            Final since <When at={final.frozenAt} timeZone={competition.timeZone} />
            {final.version === 1 ? '' : `, version ${final.version}`}
          </p>
          <p className={`mono ${classes.hash}`}>
            <span className="dim">SHA-256</span> {final.hash}
          </p>
          <div className="row">
            <DownloadButton href={urlOf(downloadFinalStanding, place)}>Final standing as JSON</DownloadButton>
            {staff ? (
              <>
                <DownloadButton href={urlOf(exportFinalStanding, place)}>
                  Final standing with names as CSV
                </DownloadButton>
                <DownloadButton href={urlOf(exportFinalStandingWithNames, place)}>
                  Final standing with names as JSON
                </DownloadButton>
              </>
            ) : null}
          </div>
        </div>
      )}
      {forStaff?.differs === true ? (
        <Notice tone="signal" title="This board differs from the final standing">
          Something was rescored, disqualified or restored after it was frozen. Students see what was frozen.
        </Notice>
      ) : null}
      {instructs && !revealed ? <RevealByHand view={query.data} /> : null}
      {instructs && forStaff?.differs === true ? <FreezeAnew view={query.data} /> : null}
    </div>
  );
}

interface Props {
  readonly view: FinalStandingView;
}

function RevealByHand({ view }: Props) {
  const [asks, ask] = useState(false);
  const reveal = useMutation({
    mutationFn: () => call(revealPrivateBoard, { params: { slug: view.competition }, query: { phase: view.phase } }),
    onSuccess: useReadAgain(() => ask(false)),
  });
  return (
    <div>
      <Button variant="default" onClick={() => ask(true)}>
        Reveal it now
      </Button>
      <Modal opened={asks} onClose={() => ask(false)} title="Reveal the private board?" centered>
        <div className="stack">
          <p>Students see their private scores and ranks from now on. This can’t be taken back.</p>
          {reveal.isError ? <Failure error={reveal.error} title="It was not revealed" /> : null}
          <div className="row">
            <Button variant="default" onClick={() => ask(false)} data-autofocus>
              Not yet
            </Button>
            <Button loading={reveal.isPending} onClick={() => reveal.mutate()}>
              Reveal
            </Button>
          </div>
        </div>
      </Modal>
    </div>
  );
}

function FreezeAnew({ view }: Props) {
  const [asks, ask] = useState(false);
  const [reason, setReason] = useState('');
  const freeze = useMutation({
    mutationFn: () =>
      call(freezeFinalStanding, {
        params: { slug: view.competition },
        query: { phase: view.phase },
        body: { reason },
      }),
    onSuccess: useReadAgain(() => ask(false)),
  });
  return (
    <div>
      <Button variant="default" onClick={() => ask(true)}>
        Freeze it anew
      </Button>
      <Modal opened={asks} onClose={() => ask(false)} title="Freeze the board as it stands now?" centered>
        <div className="stack">
          <p>Students see it as the final standing, with another hash. The versions before it are kept.</p>
          <Textarea
            label="Why it changes"
            description="Staff see it"
            required
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {freeze.isError ? <Failure error={freeze.error} title="Nothing was frozen" /> : null}
          <div className="row">
            <Button variant="default" onClick={() => ask(false)}>
              Leave it
            </Button>
            <Button loading={freeze.isPending} disabled={reason.trim() === ''} onClick={() => freeze.mutate()}>
              Freeze
            </Button>
          </div>
        </div>
      </Modal>
    </div>
  );
}

/** The board, the competition, which says whether it is revealed, and this. */
function useReadAgain(done: () => void): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    done();
    await Promise.all(
      ['final', 'leaderboard', 'competition'].map((name) => queryClient.invalidateQueries({ queryKey: [name] })),
    );
  };
}
