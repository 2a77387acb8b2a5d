/** A page of a list, and what to ask for next: "" on the last one. */
export interface Paged<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string;
}

interface Wanted {
  readonly pageSize: number;
  /** A number, as `nextPageToken` was; anything else is the beginning. */
  readonly pageToken: string;
  /** From 1; less: not by number. */
  readonly page?: number;
}

const maxPage = 1000;

export function pageSizeOf({ pageSize }: Pick<Wanted, 'pageSize'>, usual: number): number {
  return pageSize < 1 ? usual : Math.min(pageSize, maxPage);
}

/** A number that is in a page's token; undefined for the first page. */
export function numberOf({ pageToken }: Pick<Wanted, 'pageToken'>): number | undefined {
  return /^\d{1,9}$/.test(pageToken) ? Number(pageToken) : undefined;
}

export function pageOf<T>(all: readonly T[], wanted: Wanted, usual: number): Paged<T> {
  const size = pageSizeOf(wanted, usual);
  const start = numberOf(wanted) ?? Math.max(0, (wanted.page ?? 0) - 1) * size;
  const end = start + size;
  return { items: all.slice(start, end), nextPageToken: end < all.length ? String(end) : '' };
}
