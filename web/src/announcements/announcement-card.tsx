import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { type Announcement, deleteAnnouncement } from '../../../core/contract/announcements.ts';
import { call } from '../api/call.ts';
import { announcementsQuery } from '../api/queries.ts';
import { useCourse } from '../courses/use-course.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { AnnouncementForm } from './announcement-form.tsx';
import classes from './announcements.module.css';

const Markdown = lazy(async () => ({ default: (await import('../ui/markdown.tsx')).Markdown }));

/** One announcement; for staff with what it takes to change it or take it away. */
export function AnnouncementCard({ announcement }: { announcement: Announcement }) {
  const { role, timeZone } = useCourse();
  const [edits, edit] = useState(false);
  const [doomed, doom] = useState(false);
  const { id, title, body, publishedAt, editedAt } = announcement;
  if (edits) return <AnnouncementForm announcement={announcement} onDone={() => edit(false)} />;
  return (
    <article id={`announcement-${id}`} className={`card ${classes.announcement}`} aria-labelledby={`title-${id}`}>
      <header>
        <h2 id={`title-${id}`}>{title}</h2>
        <p className="dim">
          {publishedAt === null ? 'Draft: only staff see it' : <When at={publishedAt} timeZone={timeZone} />}
          {editedAt === null ? null : (
            <>
              , edited <When at={editedAt} timeZone={timeZone} />
            </>
          )}
        </p>
      </header>
      {body.trim() === '' ? null : (
        <Suspense fallback={<Skeleton height={60} />}>
          <Markdown text={body} />
        </Suspense>
      )}
      {role === 'student' ? null : (
        <div className="row">
          <Button variant="default" size="xs" onClick={() => edit(true)} aria-label={`Edit ${title}`}>
            Edit
          </Button>
          <Button variant="default" size="xs" onClick={() => doom(true)} aria-label={`Delete ${title}`}>
            Delete
          </Button>
        </div>
      )}
      {doomed ? <DeleteDialog announcement={announcement} onClose={() => doom(false)} /> : null}
    </article>
  );
}

function DeleteDialog({ announcement: { id, title }, onClose }: { announcement: Announcement; onClose: () => void }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(deleteAnnouncement, { params: { course: slug, id } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: announcementsQuery(slug).queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Delete “${title}”?`} centered>
      <div className="stack">
        <p>Nobody sees it any more. What it said stays in the log.</p>
        {remove.isError ? <Failure error={remove.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </div>
      </div>
    </Modal>
  );
}
