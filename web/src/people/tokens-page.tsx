import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiToken, revokeToken } from '../../../core/contract/people.ts';
import { call } from '../api/call.ts';
import { tokensQuery } from '../api/queries.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Ago } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { TokenForm } from './token-form.tsx';
import classes from './tokens-page.module.css';

/** A person's tokens belong to no course, so their times are in the reader's zone. */
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function TokensPage() {
  const tokens = useQuery(tokensQuery);
  const [doomed, setDoomed] = useState<ApiToken>();
  return (
    <div className={classes.page}>
      <PageTitle parts={['API tokens']} />
      <div>
        <h1>API tokens</h1>
        <p className="dim">
          A token lets a program submit and read as you, with <code>Authorization: Bearer …</code>. Keep it like a
          password.
        </p>
      </div>
      <TokenForm />
      <section className="stack" aria-labelledby="in-force">
        <h2 id="in-force">In force</h2>
        {tokens.isError ? <Failure error={tokens.error} title="The tokens could not be loaded" /> : null}
        {tokens.isPending ? <Skeleton height={120} /> : null}
        {tokens.data?.length === 0 ? <EmptyState title="No tokens" /> : null}
        <ul className={classes.list}>
          {tokens.data?.map((token) => (
            <li key={token.id} className={classes.token}>
              <div>
                <strong>{token.name}</strong> <span className="mono dim">{token.hint}…</span>
                <p className="dim">
                  made <Ago at={token.createdAt} timeZone={timeZone} />
                  {token.expiresAt === null ? ', never expires' : null}
                  {token.expiresAt === null ? null : (
                    <>
                      , expires <Ago at={token.expiresAt} timeZone={timeZone} />
                    </>
                  )}
                </p>
              </div>
              <Button variant="default" size="xs" onClick={() => setDoomed(token)} aria-label={`Revoke ${token.name}`}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      </section>
      {doomed === undefined ? null : <RevokeDialog token={doomed} onClose={() => setDoomed(undefined)} />}
    </div>
  );
}

function RevokeDialog({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call(revokeToken, { params: { id: token.id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Revoke “${token.name}”?`} centered>
      <div className="stack">
        <p>Programs that use it are refused from now on. This can’t be undone.</p>
        {revoke.isError ? <Failure error={revoke.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
          </Button>
        </div>
      </div>
    </Modal>
  );
}
