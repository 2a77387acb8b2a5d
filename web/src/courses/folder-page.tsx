import { Button, FileInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { uploadCompetitionFolder, type FolderChange } from '../../../core/contract/competition-folder.ts';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/problem.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { useCourse } from './use-course.ts';

/** Makes a competition of a zipped folder, or brings it in line: first what would change, then, once that was seen, that. */
export function FolderPage() {
  const { slug: course, title } = useCourse();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const send = (chosen: File, preview: boolean) =>
    call(uploadCompetitionFolder, {
      params: { course },
      query: { preview: String(preview), filename: chosen.name },
      file: chosen,
    });
  const preview = useMutation({ mutationFn: (chosen: File) => send(chosen, true) });
  const apply = useMutation({
    mutationFn: (chosen: File) => send(chosen, false),
    onSuccess: () => {
      preview.reset();
      setFile(null);
    },
    // Where it was refused half-way, something has changed all the same.
    onSettled: async () => await queryClient.invalidateQueries(),
  });
  const failed = preview.error ?? apply.error;
  const isSame = preview.data?.changes.every(({ how }) => how === 'unchanged' || how === 'stays') === true;
  return (
    <section className="card stack" aria-label="A competition from a folder">
      <PageTitle parts={['A competition from a folder', title]} />
      <div>
        <h2>A competition from a folder</h2>
        <p className="dim">
          A zip of a folder with <code>competition.yaml</code>, its pages, data, answer key and baselines. It makes the
          competition, or brings the one of that name in line. Nothing happens before you have seen what would, and
          nothing is deleted.
        </p>
      </div>
      <FileInput
        label="Zip"
        placeholder="midterm.zip"
        accept=".zip"
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
        value={file}
        onChange={(chosen) => {
          preview.reset();
          apply.reset();
          setFile(chosen);
        }}
      />
      {failed ? <Failure error={failed} title="The folder was not taken" /> : null}
      {failed instanceof ApiProblem ? (
        <FileProblems errors={failed.problem.errors ?? []} moreErrors={failed.problem.moreErrors} />
      ) : null}
      {apply.data ? (
        <Notice tone="good" title="The competition is as the folder says">
          <Link to="/competitions/$slug" params={{ slug: apply.data.slug }}>
            Open {apply.data.slug}
          </Link>
        </Notice>
      ) : null}
      {apply.data && apply.data.notices.length > 0 ? (
        <Notice tone="signal" title="Please look at this">
          <ul>
            {apply.data.notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {preview.data ? <Changes changes={preview.data.changes} /> : null}
      <div className="row">
        <Button
          variant={preview.data ? 'default' : 'filled'}
          disabled={file === null}
          loading={preview.isPending}
          onClick={() => file && preview.mutate(file)}
        >
          Preview
        </Button>
        {preview.data && file ? (
          <Button loading={apply.isPending} onClick={() => apply.mutate(file)}>
            {isSame ? 'Apply it all the same' : 'Apply it'}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

const words: Readonly<Record<FolderChange['how'], string>> = {
  made: 'is made',
  changed: 'changes',
  sent: 'is uploaded',
  published: 'is published: students see it',
  unchanged: 'is the same',
  stays: 'stays',
};

function Changes({ changes }: { readonly changes: readonly FolderChange[] }) {
  return (
    <ul aria-label="What would change">
      {changes.map(({ what, how, detail }, index) => (
        <li key={index} {...((how === 'unchanged' || how === 'stays') && { className: 'dim' })}>
          <span className="mono">{what}</span> {how === 'stays' ? detail : words[how]}
          {how !== 'stays' && detail !== undefined ? `: ${detail}` : ''}
        </li>
      ))}
    </ul>
  );
}
