import { Button, Checkbox, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  exportGrades,
  type Gradebook,
  GradesFormat,
  releaseGrades,
  withdrawGrades,
} from '../../../core/contract/grades.ts';
import { call, urlOf } from '../api/call.ts';
import { formatCount } from '../format/number.ts';
import { DownloadButton } from '../ui/links.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './grades.module.css';
import { readGradesAgain } from './queries.ts';

const formats: Readonly<Record<GradesFormat, string>> = {
  plain: 'CSV',
  gradescope: 'Gradescope',
  canvas: 'Canvas',
  blackboard: 'Blackboard',
};

/** Showing all grades to their students or taking them back, and the files for other systems. */
export function ReleaseBar({ book, mayRelease }: { book: Gradebook; mayRelease: boolean }) {
  const [asks, ask] = useState<'release' | 'withdraw'>();
  const place = { params: { slug: book.competition }, query: { phase: book.phase } };
  const released = book.rows.filter((row) => row.released !== null);
  const changed = released.filter((row) => row.released?.differs === true);
  return (
    <div className="stack">
      <p>
        {released.length === 0
          ? 'Students see no grade of this phase.'
          : `${released.length} of ${formatCount(book.rows.length, 'student')} see their grade.`}
        {changed.length === 0
          ? ''
          : ` ${formatCount(changed.length, 'released grade')} differ from how they stand now, and change for their students when they are released anew.`}
      </p>
      {book.revealed ? null : (
        <Notice tone="plain" title="Grades can be released after the private scores are revealed" />
      )}
      <div className="row">
        {mayRelease ? (
          <>
            <Button disabled={!book.revealed || book.rows.length === 0} onClick={() => ask('release')}>
              Release grades
            </Button>
            <Button variant="default" disabled={released.length === 0} onClick={() => ask('withdraw')}>
              Take all back
            </Button>
          </>
        ) : null}
        {GradesFormat.options.map((format) => (
          <DownloadButton key={format} href={urlOf(exportGrades, { ...place, query: { ...place.query, format } })}>
            {formats[format]}
          </DownloadButton>
        ))}
      </div>
      {asks === 'release' ? <ReleaseDialog book={book} onClose={() => ask(undefined)} /> : null}
      {asks === 'withdraw' ? <WithdrawDialog book={book} onClose={() => ask(undefined)} /> : null}
    </div>
  );
}

interface DialogProps {
  readonly book: Gradebook;
  readonly onClose: () => void;
}

function ReleaseDialog({ book, onClose }: DialogProps) {
  const queryClient = useQueryClient();
  const [incomplete, accept] = useState(false);
  const unmarked = book.rows.filter((row) => row.unmarked.length > 0).length;
  const release = useMutation({
    mutationFn: () =>
      call(releaseGrades, { params: { slug: book.competition }, query: { phase: book.phase }, body: { incomplete } }),
    onSuccess: async () => {
      onClose();
      await readGradesAgain(queryClient);
    },
  });
  return (
    <Modal opened onClose={onClose} title="Release the grades?" centered>
      <div className="stack">
        <p>Every student sees their grade as it stands now, with how each point came about.</p>
        {unmarked + book.waiting === 0 ? null : (
          <Checkbox
            label={`Although ${formatCount(unmarked, 'student')} are not fully graded, and ${formatCount(book.waiting, 'submission')} wait or run`}
            checked={incomplete}
            onChange={(event) => accept(event.currentTarget.checked)}
          />
        )}
        {release.isError ? <Failure error={release.error} title="Nothing was released" /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Not yet
          </Button>
          <Button loading={release.isPending} onClick={() => release.mutate()}>
            Release
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function WithdrawDialog({ book, onClose }: DialogProps) {
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () =>
      call(withdrawGrades, { params: { slug: book.competition }, query: { phase: book.phase }, body: {} }),
    onSuccess: async () => {
      onClose();
      await readGradesAgain(queryClient);
    },
  });
  return (
    <Modal opened onClose={onClose} title="Take all grades back?" centered>
      <div className="stack">
        <p>Students see no grade of this phase any more. Marks and regrade requests stay.</p>
        {withdraw.isError ? <Failure error={withdraw.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep them
          </Button>
          <Button color="red.9" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            Take them back
          </Button>
        </div>
      </div>
    </Modal>
  );
}
