import { Button, Checkbox, FileButton, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { addFiles, deleteFile } from '../../../core/contract/files.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatBytes, formatCount } from '../format/number.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';
import { useReadAgain } from './use-edit.ts';

/** What students download, and what only graded runs read. */
export function DataStep() {
  const { competition } = useCompetition();
  const readAgain = useReadAgain();
  const [hidden, setHidden] = useState(false);
  const [sent, setSent] = useState({ done: 0, of: 0 });
  const add = useMutation({
    // One after the other: what was taken stays, whichever fails.
    mutationFn: async (files: readonly File[]) => {
      const notices: string[] = [];
      for (const [done, file] of files.entries()) {
        setSent({ done, of: files.length });
        const query = { filename: file.name, ...(hidden && { hidden: 'true' }) };
        notices.push(...(await call(addFiles, { params: { slug: competition.slug }, query, file })).notices);
      }
      return notices;
    },
    onSettled: readAgain,
  });
  return (
    <Step
      title="Data"
      about="Such as train.csv, test.csv and sample_submission.csv: never a file with the labels of the test rows."
      done={competition.files.length > 0}
    >
      {competition.files.length === 0 ? null : (
        <ul className={classes.list}>
          {competition.files.map((file) => (
            <li key={file.name} className={classes.line}>
              <a href={file.url} download={file.name}>
                {file.name}
              </a>
              {file.hidden === true ? <span className="label">for graded runs only</span> : null}
              <span className="num dim">{formatBytes(file.bytes)}</span>
              <TakeAway name={file.name} />
            </li>
          ))}
        </ul>
      )}
      <div className={classes.actions}>
        <Checkbox
          label="Only graded runs see it"
          checked={hidden}
          onChange={(event) => setHidden(event.currentTarget.checked)}
        />
        <FileButton multiple onChange={(files) => (files.length === 0 ? undefined : add.mutate(files))}>
          {(props) => (
            <Button {...props} loading={add.isPending}>
              Add files
            </Button>
          )}
        </FileButton>
      </div>
      {add.isPending && sent.of > 1 ? (
        <p className="dim" role="status">
          {sent.done} of {formatCount(sent.of, 'file')} sent
        </p>
      ) : null}
      {add.isError ? <Failure error={add.error} title="Not every file was taken" /> : null}
      {add.data === undefined || add.data.length === 0 ? null : (
        <Notice tone="signal" title="Look at this before you publish">
          {add.data.map((notice) => (
            <p key={notice}>{notice}</p>
          ))}
        </Notice>
      )}
    </Step>
  );
}

function TakeAway({ name }: { name: string }) {
  const { competition } = useCompetition();
  const readAgain = useReadAgain();
  const [asks, ask] = useState(false);
  const remove = useMutation({
    mutationFn: () => call(deleteFile, { params: { slug: competition.slug, name } }),
    onSuccess: async () => {
      await readAgain();
      ask(false);
    },
  });
  return (
    <>
      <Button variant="subtle" size="xs" onClick={() => ask(true)} aria-label={`Take away ${name}`}>
        Take away
      </Button>
      {asks ? (
        <Modal opened onClose={() => ask(false)} title={`Take ${name} away?`} centered>
          <div className="stack">
            <p>Nobody can download it any more, and runs that begin from now on don’t have it.</p>
            {remove.isError ? <Failure error={remove.error} /> : null}
            <div className={classes.actions}>
              <Button variant="default" onClick={() => ask(false)}>
                Keep it
              </Button>
              <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
                Take it away
              </Button>
            </div>
          </div>
        </Modal>
      ) : null}
    </>
  );
}
