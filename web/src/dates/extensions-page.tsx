import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteExtension, type Extension } from '../../../core/contract/dates.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './dates.module.css';
import { ExtensionForm } from './extension-form.tsx';
import { extensionsQuery, readDatesAgain } from './queries.ts';

/** For staff: who has other dates, and what it takes to give some. */
export function ExtensionsPage() {
  const { competition } = useCompetition();
  const query = useQuery(extensionsQuery(competition.slug));
  const [gives, give] = useState(false);
  return (
    <section className={classes.page} aria-label="Extensions">
      <PageTitle parts={['Extensions', competition.title]} />
      {gives ? (
        <ExtensionForm onDone={() => give(false)} />
      ) : (
        <div>
          <Button onClick={() => give(true)}>Give an extension</Button>
        </div>
      )}
      <p className="dim">
        More time in every phase of the course, and its late days, stand with the course’s{' '}
        <Link to="/courses/$course/time" params={{ course: competition.course }}>
          extra time
        </Link>
        .
      </p>
      {query.isError ? <Failure error={query.error} title="The extensions could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={160} aria-label="Loading the extensions" /> : null}
      {query.data?.length === 0 ? (
        <EmptyState title="Nobody has other dates">
          <p>An extension moves the due time of one student or one team. It never makes anybody’s dates earlier.</p>
        </EmptyState>
      ) : null}
      <ul className={classes.list}>
        {query.data?.map((extension) => (
          <ExtensionRow key={extension.id} extension={extension} />
        ))}
      </ul>
    </section>
  );
}

function ExtensionRow({ extension }: { extension: Extension }) {
  const { competition } = useCompetition();
  const { timeZone } = competition;
  const [doomed, doom] = useState(false);
  const who = nameOf(extension);
  const phase = competition.phases.find(({ slug }) => slug === extension.phase)?.title;
  return (
    <li className={`card ${classes.extension}`}>
      <div>
        <h2>{who}</h2>
        <p className="dim">
          {extension.student?.email} {competition.phases.length > 1 ? phase : null}
        </p>
        <p>
          {extension.dueAt === null ? null : (
            <>
              Due <When at={extension.dueAt} timeZone={timeZone} />{' '}
            </>
          )}
          {extension.lateUntil === null ? null : (
            <>
              Late until <When at={extension.lateUntil} timeZone={timeZone} />
            </>
          )}
        </p>
        <p>{extension.reason}</p>
        <p className="dim">
          Given by {extension.createdBy}, <When at={extension.createdAt} timeZone={timeZone} />
        </p>
      </div>
      <Button variant="default" size="xs" onClick={() => doom(true)} aria-label={`Take back the extension of ${who}`}>
        Take back
      </Button>
      {doomed ? <TakeBackDialog extension={extension} onClose={() => doom(false)} /> : null}
    </li>
  );
}

function TakeBackDialog({ extension, onClose }: { extension: Extension; onClose: () => void }) {
  const { slug } = useCompetition().competition;
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(deleteExtension, { params: { slug, id: extension.id } }),
    onSuccess: async () => {
      onClose();
      await readDatesAgain(queryClient);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Take back the extension of ${nameOf(extension)}?`} centered>
      <div className="stack">
        <p>What was submitted stays, and is judged by the dates that are left: it may become late.</p>
        {remove.isError ? <Failure error={remove.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Take back
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function nameOf({ student, team }: Extension): string {
  return student?.name ?? `Team ${team?.name ?? ''}`;
}
