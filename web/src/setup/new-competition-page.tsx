import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { CompetitionKind, createCompetition } from '../../../core/contract/competitions.ts';
import { call } from '../api/call.ts';
import { competitionsQuery } from '../api/queries.ts';
import { useCourse } from '../courses/use-course.ts';
import { slugOf } from '../format/slug.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './setup.module.css';

/** Where a competition begins: a name and an address. Everything else follows in its set-up, while students see nothing of it. */
export function NewCompetitionPage() {
  const course = useCourse();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  /** Follows the title until it is written by hand. */
  const [ownSlug, setOwnSlug] = useState<string>();
  const [kind, setKind] = useState<CompetitionKind>('homework');
  const slug = ownSlug ?? slugOf(title);
  const create = useMutation({
    mutationFn: () => call(createCompetition, { body: { course: course.slug, slug, title, kind } }),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: competitionsQuery.queryKey });
      await navigate({ to: '/competitions/$slug/setup', params: { slug: made.slug } });
    },
  });
  if (course.role !== 'instructor') return <NotFoundPage />;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={`card stack ${classes.narrow}`} aria-label="A new competition" onSubmit={submit}>
      <PageTitle parts={['New competition', course.title]} />
      <div>
        <h2>A new competition</h2>
        <p className="dim">
          It is a draft until you publish it: students see nothing of it before. One that is kept as a folder is made{' '}
          <Link to="/courses/$course/folder" params={{ course: course.slug }}>
            from its zip
          </Link>
          .
        </p>
      </div>
      <TextInput
        label="Title"
        required
        withAsterisk={false}
        maxLength={200}
        value={title}
        data-autofocus
        autoFocus
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput
        label="Address"
        description={`${location.origin}/competitions/${slug === '' ? '…' : slug}: it stays, whatever the title becomes`}
        required
        withAsterisk={false}
        pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
        title="Small letters, digits and hyphens"
        maxLength={64}
        value={slug}
        onChange={(event) => setOwnSlug(event.currentTarget.value)}
      />
      <NativeSelect
        label="Kind"
        value={kind}
        data={[...CompetitionKind.options]}
        onChange={(event) => setKind(CompetitionKind.parse(event.currentTarget.value))}
      />
      {create.isError ? <Failure error={create.error} title="It was not made" /> : null}
      <div className={classes.actions}>
        <Button type="submit" loading={create.isPending} disabled={title.trim() === '' || slug === ''}>
          Make the draft
        </Button>
      </div>
    </form>
  );
}
