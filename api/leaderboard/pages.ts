import { rowFor, type Audience } from './audience.ts';
import { createPrefixedBody, type PrefixedBody } from '../http/prefixed-body.ts';
import type { Snapshot } from './snapshot.ts';

/** A page of a board, cut and made into text once and sent many times. */
export interface Page {
  /** `{"rows":[…],`: an answer begins with it and ends with what is the reader's own. */
  readonly body: PrefixedBody;
  /** What to ask for next; undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface Pages {
  cut(audience: Audience, offset: number, limit: number): Page;
}

const keepAtMost = 64;

export function createPages(snapshot: Snapshot): Pages {
  const kept = new Map<string, Page>();
  return {
    cut: (audience, offset, limit) => {
      const name = `${audience}-${offset}-${limit}`;
      let page = kept.get(name);
      if (page === undefined) {
        const rows = snapshot.rows.slice(offset, offset + limit).map((row) => rowFor(audience, row));
        const end = offset + limit;
        page = {
          body: createPrefixedBody(`{"rows":${JSON.stringify(rows)},`),
          nextCursor: end < snapshot.rows.length ? String(end) : undefined,
        };
        if (kept.size >= keepAtMost) kept.clear();
        kept.set(name, page);
      }
      return page;
    },
  };
}
