import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import { Copyable } from '../ui/copyable.tsx';
import { kaggleJson, kaggleLines } from './kaggle-lines.ts';

/** What the kaggle command needs to work against this server with a new token. */
export function KaggleAccess({ token }: { token: string }) {
  const { data: me } = useQuery(meQuery);
  return (
    <div className="stack">
      <p>The kaggle command works against this server with these lines:</p>
      <Copyable text={kaggleLines(window.location.origin, token)} label="Copy the lines for the kaggle command" />
      {me ? (
        <p className="row">
          <Button
            component="a"
            variant="default"
            size="xs"
            href={`data:application/json,${encodeURIComponent(kaggleJson(me.email, token))}`}
            download="kaggle.json"
          >
            Download kaggle.json
          </Button>
          <span className="dim">
            Put it into <code>~/.kaggle/</code> in place of the token’s line.
          </span>
        </p>
      ) : null}
    </div>
  );
}
