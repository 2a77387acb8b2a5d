import { type RefObject, useEffect, useRef } from 'react';
import type { QueueItem } from '../../../core/contract/staff-queue.ts';
import { isForOthers } from '../ui/typing.ts';

/** Where the reader was when the list was left: coming back, they go on from there. */
let left: { readonly key: string; readonly index: number } | undefined;

/**
 * j and k move through the list, d settles what has the focus. The focus stays in its place when what had it is gone.
 * @returns what to call when an item is opened
 */
export function useQueueKeys(
  list: RefObject<HTMLElement | null>,
  items: readonly QueueItem[],
  settle: (item: QueueItem) => void,
): (item: QueueItem) => void {
  const place = useRef<number>(undefined);
  useEffect(() => {
    const links = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    const focused = () =>
      links().indexOf(document.activeElement instanceof HTMLElement ? document.activeElement : document.body);
    const move = (to: number) => {
      const all = links();
      const index = Math.min(Math.max(to, 0), all.length - 1);
      all[index]?.focus();
      place.current = all.length === 0 ? undefined : index;
    };
    if (left !== undefined && items.length > 0) {
      const { key, index } = left;
      left = undefined;
      const found = items.findIndex((item) => item.key === key);
      move(found === -1 ? index : found);
    } else if (place.current !== undefined && focused() === -1 && document.activeElement === document.body)
      move(place.current);

    const onKey = (event: KeyboardEvent) => {
      if (isForOthers(event)) return;
      const at = focused();
      if (at >= 0) place.current = at;
      const item = items[at];
      if (event.key === 'j') move(at + 1);
      else if (event.key === 'k') move(at === -1 ? 0 : at - 1);
      else if (event.key === 'd' && item) settle(item);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list, items, settle]);
  return (item) => {
    left = { key: item.key, index: items.indexOf(item) };
  };
}
