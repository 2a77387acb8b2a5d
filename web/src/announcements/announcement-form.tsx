import { Button, Checkbox, Skeleton, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, type SubmitEvent, Suspense, useState } from 'react';
import { type Announcement, createAnnouncement, editAnnouncement } from '../../../core/contract/announcements.ts';
import { call } from '../api/call.ts';
import { announcementsQuery } from '../api/queries.ts';
import { useCourse } from '../courses/use-course.ts';
import { Failure } from '../ui/notice.tsx';
import { Unsaved } from '../ui/unsaved.tsx';
import classes from './announcements.module.css';

const Markdown = lazy(async () => ({ default: (await import('../ui/markdown.tsx')).Markdown }));

interface Props {
  /** What is edited; undefined: a new one. */
  readonly announcement: Announcement | undefined;
  readonly onDone: () => void;
}

/** An announcement while it is written, with what it will look like. */
export function AnnouncementForm({ announcement, onDone }: Props) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [title, setTitle] = useState(announcement?.title ?? '');
  const [body, setBody] = useState(announcement?.body ?? '');
  const [mails, setMails] = useState(false);
  const isChanged = title !== (announcement?.title ?? '') || body !== (announcement?.body ?? '') || mails;
  const isPublic = typeof announcement?.publishedAt === 'string';
  const save = useMutation({
    mutationFn: (published: boolean) => {
      const mail = published && mails;
      return announcement === undefined
        ? call(createAnnouncement, { params: { course: slug }, body: { title, body, published, mail } })
        : call(editAnnouncement, {
            params: { course: slug, id: announcement.id },
            body: { title, body, published, mail },
          });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: announcementsQuery(slug).queryKey });
      onDone();
    },
  });
  const publish = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(true);
  };
  return (
    <form
      className={`card ${classes.announcement}`}
      aria-label={announcement === undefined ? 'A new announcement' : `Edit ${announcement.title}`}
      onSubmit={publish}
    >
      <Unsaved changed={isChanged} />
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
      <Textarea
        label="Text"
        description="Markdown"
        rows={8}
        maxLength={50_000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      {body.trim() === '' ? null : (
        <section aria-label="Preview" className={classes.preview}>
          <Suspense fallback={<Skeleton height={60} />}>
            <Markdown text={body} />
          </Suspense>
        </section>
      )}
      {announcement?.mailedAt ? (
        <p className="dim">Everybody has been mailed it. A change is shown, and not mailed again.</p>
      ) : (
        <Checkbox
          label="Mail it to everybody in the course when it is published"
          checked={mails}
          onChange={(event) => setMails(event.currentTarget.checked)}
        />
      )}
      {save.isError ? <Failure error={save.error} title="It was not saved" /> : null}
      <div className={classes.actions}>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        <Button variant="default" disabled={title.trim() === '' || save.isPending} onClick={() => save.mutate(false)}>
          {isPublic ? 'Make it a draft' : 'Save as a draft'}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {isPublic ? 'Save' : 'Publish'}
        </Button>
      </div>
    </form>
  );
}
