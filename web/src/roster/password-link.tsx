import { Button, CopyButton, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../../core/contract/courses.ts';
import { createPasswordLink } from '../../../core/contract/passwords.ts';
import { call } from '../api/call.ts';
import { Failure } from '../ui/notice.tsx';

/** For site admins: a link with which somebody sets a new password, where no mail reaches them. */
export function PasswordLink({ member: { name, email } }: { member: Member }) {
  const [opened, open] = useState(false);
  const make = useMutation({ mutationFn: () => call(createPasswordLink, { body: { email } }) });
  const close = () => {
    make.reset();
    open(false);
  };
  return (
    <>
      <Button size="xs" variant="default" aria-label={`Password link for ${name}`} onClick={() => open(true)}>
        Password link
      </Button>
      <Modal opened={opened} onClose={close} title={`A new password for ${name}?`} centered>
        <div className="stack">
          <p>Whoever has the link can set the password of {email}, once, within two hours. Give it to nobody else.</p>
          {make.isError ? <Failure error={make.error} title="No link was made" /> : null}
          {make.data ? (
            <>
              <code>{make.data.url}</code>
              <CopyButton value={make.data.url} timeout={2000}>
                {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}
              </CopyButton>
            </>
          ) : (
            <Button loading={make.isPending} onClick={() => make.mutate()}>
              Make a link
            </Button>
          )}
        </div>
      </Modal>
    </>
  );
}
