import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Hook, type HookAttempt, type HookDelivery, redeliverHook } from '../../../core/contract/hooks.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import classes from './hooks.module.css';
import { deliveriesQuery, hooksKey } from './queries.ts';
import { eventWords, stateWords } from './words.ts';

/** What a hook sent, and what came of it. */
export function DeliveryLog({ hook }: { hook: Hook }) {
  const { slug } = useCourse();
  const query = useInfiniteQuery(deliveriesQuery(slug, hook.id));
  const deliveries = query.data?.pages.flatMap((page) => page.deliveries);
  return (
    <section className="stack" aria-label={`Deliveries of ${hook.name}`}>
      {query.isError ? <Failure error={query.error} title="The log could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={80} aria-label="Loading the log" /> : null}
      {deliveries?.length === 0 ? <p className="dim">Nothing was sent in the last 30 days.</p> : null}
      <ul className={classes.log}>
        {deliveries?.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} maySend={hook.disabledAt === null} />
        ))}
      </ul>
      {query.hasNextPage ? (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Load more
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Delivery({ delivery, maySend }: { delivery: HookDelivery; maySend: boolean }) {
  const { slug, timeZone } = useCourse();
  const queryClient = useQueryClient();
  const { id, event, at, state, nextTryAt, reason, attempts, messageId } = delivery;
  const redeliver = useMutation({
    mutationFn: () => call(redeliverHook, { params: { course: slug, id } }),
    onSettled: async () => await queryClient.invalidateQueries({ queryKey: hooksKey(slug) }),
  });
  return (
    <li className={classes.delivery} data-state={state} data-testid="delivery">
      <div className="row spread">
        <div>
          <strong>{eventWords[event]}</strong>, <When at={at} timeZone={timeZone} />:{' '}
          <span className={classes.state}>{stateWords[state]}</span>
          {nextTryAt === null || attempts.length === 0 ? null : (
            <>
              , tried again <When at={nextTryAt} timeZone={timeZone} />
            </>
          )}
          {reason === null ? null : <p className="dim">{reason}</p>}
          <p className="dim mono">{messageId}</p>
        </div>
        <Button
          size="xs"
          variant="default"
          disabled={!maySend}
          loading={redeliver.isPending}
          aria-label={`Send again: ${eventWords[event]}, ${messageId}`}
          onClick={() => redeliver.mutate()}
        >
          Send again
        </Button>
      </div>
      {redeliver.isError ? <Failure error={redeliver.error} /> : null}
      {attempts.length === 0 ? null : (
        <ol className={classes.attempts} reversed>
          {attempts.map((attempt) => (
            <Attempt key={attempt.attempt} attempt={attempt} />
          ))}
        </ol>
      )}
    </li>
  );
}

function Attempt({ attempt: { at, tookMs, status, answer, error } }: { attempt: HookAttempt }) {
  const { timeZone } = useCourse();
  return (
    <li>
      <span className="num">
        {status === null ? 'no answer' : status}, {tookMs.toLocaleString('en-US')} ms
      </span>
      , <When at={at} timeZone={timeZone} />
      {error === null ? null : <p>{error}</p>}
      {answer === '' ? null : <pre className={classes.answer}>{answer}</pre>}
    </li>
  );
}
