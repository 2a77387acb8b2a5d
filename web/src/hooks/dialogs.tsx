import { Button, Modal, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteHook, type Hook, rotateHookSecret } from '../../../core/contract/hooks.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './hooks.module.css';
import { hooksKey, hooksQuery } from './queries.ts';
import type { ShownSecret } from './secret-notice.tsx';

interface Rotating {
  readonly hook: Hook;
  readonly onSecret: (shown: ShownSecret) => void;
  readonly onClose: () => void;
}

export function RotateDialog({ hook: { id, name }, onSecret, onClose }: Rotating) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [hours, setHours] = useState('24');
  const rotate = useMutation({
    mutationFn: () => call(rotateHookSecret, { params: { course: slug, id }, body: { keepOldHours: Number(hours) } }),
    onSuccess: async ({ secret }) => {
      onSecret({ hookId: id, name, secret });
      onClose();
      await queryClient.invalidateQueries({ queryKey: hooksKey(slug) });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Another secret for “${name}”?`} centered>
      <div className="stack">
        <p>The new one is shown once. Give it to the receiver while the old one still signs.</p>
        <NativeSelect
          label="The old one signs"
          data={[
            { value: '24', label: 'for another day' },
            { value: '168', label: 'for another week' },
            { value: '0', label: 'no more, from now on' },
          ]}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
        />
        {rotate.isError ? <Failure error={rotate.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep the old one
          </Button>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate it
          </Button>
        </div>
      </div>
    </Modal>
  );
}

export function RemoveDialog({ hook: { id, name, waiting }, onClose }: { hook: Hook; onClose: () => void }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(deleteHook, { params: { course: slug, id } }),
    onSuccess: () => {
      // Its log goes with it, before anything is read again: there is nothing to be read of it.
      queryClient.setQueryData(hooksQuery(slug).queryKey, (hooks) => hooks?.filter((other) => other.id !== id));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Remove “${name}”?`} centered>
      <div className="stack">
        <p>
          Nothing is sent to it any more{waiting === 0 ? '' : `, nor what still waits (${waiting})`}. Its log and its
          secret are gone. This can’t be undone.
        </p>
        {remove.isError ? <Failure error={remove.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Remove
          </Button>
        </div>
      </div>
    </Modal>
  );
}
