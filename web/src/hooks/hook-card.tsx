import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { editHook, type Hook, testHook } from '../../../core/contract/hooks.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { formatCount } from '../format/number.ts';
import { Ago, When } from '../ui/instant.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { DeliveryLog } from './delivery-log.tsx';
import { RemoveDialog, RotateDialog } from './dialogs.tsx';
import { HookForm } from './hook-form.tsx';
import { hooksKey } from './queries.ts';
import type { ShownSecret } from './secret-notice.tsx';
import { eventWords, formatChoices } from './words.ts';

interface Props {
  readonly hook: Hook;
  /** It was made just now: what comes of its test is of interest. */
  readonly isNew: boolean;
  readonly onSecret: (shown: ShownSecret) => void;
}

/** One hook, with how it goes and what can be done with it. */
export function HookCard({ hook, isNew, onSecret }: Props) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [edits, edit] = useState(false);
  const [log, showLog] = useState(isNew);
  const [dialog, open] = useState<'rotate' | 'remove'>();
  const { id, name, place, format, events, waiting } = hook;
  const again = async () => await queryClient.invalidateQueries({ queryKey: hooksKey(slug) });
  const test = useMutation({
    mutationFn: () => call(testHook, { params: { course: slug, id } }),
    onSuccess: async () => {
      showLog(true);
      await again();
    },
  });
  const enable = useMutation({
    mutationFn: (enabled: boolean) => call(editHook, { params: { course: slug, id }, body: { enabled } }),
    onSuccess: again,
  });
  if (edits) return <HookForm hook={hook} onDone={() => edit(false)} />;
  const isEnabled = hook.disabledAt === null;
  return (
    <article className="card stack" aria-labelledby={`hook-${id}`}>
      <header>
        <h3 id={`hook-${id}`}>{name}</h3>
        <p>
          <code>{place}</code>
        </p>
        <p className="dim">
          {formatChoices.find(({ value }) => value === format)?.label}:{' '}
          {events.map((event) => eventWords[event]).join(', ')}
          {waiting === 0 ? null : `. ${formatCount(waiting, 'delivery', 'deliveries')} to be made`}
        </p>
      </header>
      <HookState hook={hook} />
      <div className="row">
        <Button
          size="xs"
          variant="default"
          loading={test.isPending}
          disabled={!isEnabled}
          aria-label={`Send a test to ${name}`}
          onClick={() => test.mutate()}
        >
          Send a test
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-expanded={log}
          aria-label={`Log of ${name}`}
          onClick={() => showLog(!log)}
        >
          {log ? 'Hide the log' : 'Log'}
        </Button>
        <Button size="xs" variant="default" aria-label={`Edit ${name}`} onClick={() => edit(true)}>
          Edit
        </Button>
        <Button size="xs" variant="default" aria-label={`Rotate the secret of ${name}`} onClick={() => open('rotate')}>
          Rotate the secret
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={enable.isPending}
          aria-label={`${isEnabled ? 'Disable' : 'Enable'} ${name}`}
          onClick={() => enable.mutate(!isEnabled)}
        >
          {isEnabled ? 'Disable' : 'Enable'}
        </Button>
        <Button size="xs" variant="default" aria-label={`Remove ${name}`} onClick={() => open('remove')}>
          Remove
        </Button>
      </div>
      {test.isError ? <Failure error={test.error} title="No test is sent" /> : null}
      {enable.isError ? <Failure error={enable.error} /> : null}
      {log ? <DeliveryLog hook={hook} /> : null}
      {dialog === 'rotate' ? <RotateDialog hook={hook} onSecret={onSecret} onClose={() => open(undefined)} /> : null}
      {dialog === 'remove' ? <RemoveDialog hook={hook} onClose={() => open(undefined)} /> : null}
    </article>
  );
}

/** What is wrong with it, or will be soon. */
function HookState({ hook }: { hook: Hook }) {
  const { timeZone } = useCourse();
  const { disabledAt, disabledReason, silent, owner, failingSince, oldSecretUntil } = hook;
  return (
    <>
      {disabledAt === null ? null : (
        <Notice tone={disabledReason === null ? 'signal' : 'bad'} title="It is disabled: nothing is sent to it">
          Since <When at={disabledAt} timeZone={timeZone} />
          {disabledReason === null ? '.' : `, because ${disabledReason}. Enable it once that is mended.`}
        </Notice>
      )}
      {silent ? (
        <Notice tone="signal" title="It tells nothing">
          {owner === null
            ? 'Who made it is not here any more'
            : `${owner.name} is no instructor of this course any more`}
          . Edit and save it, and you answer for it.
        </Notice>
      ) : null}
      {failingSince === null || disabledAt !== null ? null : (
        <Notice tone="signal" title="Deliveries fail">
          Since <Ago at={failingSince} timeZone={timeZone} />. After three days without one that goes well it is
          disabled. Its log says why.
        </Notice>
      )}
      {oldSecretUntil === null ? null : (
        <p className="dim">
          The secret from before the last rotation signs as well until <When at={oldSecretUntil} timeZone={timeZone} />.
        </p>
      )}
    </>
  );
}
