import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCourse } from '../courses/use-course.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { HookCard } from './hook-card.tsx';
import { HookForm } from './hook-form.tsx';
import classes from './hooks.module.css';
import { hooksQuery } from './queries.ts';
import { SecretNotice, type ShownSecret } from './secret-notice.tsx';

/** Where what happens in a course is sent, for its instructors. */
export function HooksPage() {
  const course = useCourse();
  if (course.role !== 'instructor')
    return (
      <EmptyState title="Hooks are for instructors" page>
        <p>They say where what happens in the course is sent.</p>
      </EmptyState>
    );
  return <Hooks />;
}

function Hooks() {
  const course = useCourse();
  const hooks = useQuery(hooksQuery(course.slug));
  const [adds, add] = useState(false);
  const [shown, show] = useState<ShownSecret>();
  return (
    <section className={classes.page} aria-labelledby="hooks">
      <PageTitle parts={['Hooks', course.title]} />
      <div>
        <h2 id="hooks">Hooks</h2>
        <p className="dim">
          What happens in the course, sent to a program of yours or to a channel of Slack or Discord. A hook tells
          pseudonyms and public scores, no names and no private scores; whoever reads the channel sees them as they
          come.
        </p>
      </div>
      {adds ? (
        <HookForm
          hook={undefined}
          onDone={(made) => {
            add(false);
            if (made) show(made);
          }}
        />
      ) : (
        <div>
          <Button onClick={() => add(true)}>Add a hook</Button>
        </div>
      )}
      {shown === undefined ? null : <SecretNotice shown={shown} onDone={() => show(undefined)} />}
      {hooks.isError ? <Failure error={hooks.error} title="The hooks could not be loaded" /> : null}
      {hooks.isPending ? <Skeleton height={140} aria-label="Loading the hooks" /> : null}
      {hooks.data?.length === 0 && !adds ? (
        <EmptyState title="Nothing is sent anywhere yet">
          <p>Add a hook, and a test is sent to it at once.</p>
        </EmptyState>
      ) : null}
      {hooks.data?.map((hook) => (
        <HookCard key={hook.id} hook={hook} isNew={shown?.hookId === hook.id} onSecret={show} />
      ))}
    </section>
  );
}
