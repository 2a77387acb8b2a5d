import { isScalar, parseDocument, visit, type Scalar } from 'yaml';

const dayMs = 86_400_000;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * A `competition.yaml` for another term: all of its times moved by whole days of the calendar, so that 23:59 stays 23:59 whether or not clocks are
 * changed in between; all else stays as it is, to the byte.
 */
export function shiftTerm(
  text: string,
  { days, timeZone, slug, course }: { days: number; timeZone: string; slug: string; course: string },
): string {
  const changes: { readonly node: Scalar; readonly value: string }[] = [];
  visit(parseDocument(text), {
    Pair: (_key, { key, value: node }, ancestors) => {
      if (!isScalar(key) || !isScalar(node) || typeof node.value !== 'string') return;
      const name = String(key.value);
      const isTop = ancestors.length === 2;
      if (isTop && name === 'slug') changes.push({ node, value: slug });
      if (isTop && name === 'course') changes.push({ node, value: course });
      if (/(At|Until)$/.test(name) && timeForm.test(node.value))
        changes.push({ node, value: shiftDays(node.value, days, timeZone) });
    },
  });
  // From the end, so that what is still to be changed stays where it was.
  return changes.reduceRight((changed, { node, value }) => {
    const [from, to] = node.range ?? [0, 0];
    const written = changed.slice(from, to).replace(String(node.value), value);
    return changed.slice(0, from) + written + changed.slice(to);
  }, text);
}

/** A time, moved by days of a zone's calendar; with the offset that holds there then. An hour that is skipped that day becomes the one after it. */
export function shiftDays(time: string, days: number, timeZone: string): string {
  const at = Date.parse(time);
  const wall = at + offsetMs(at, timeZone) + days * dayMs;
  // A day earlier and a day later: one of the two offsets holds, neither does in an hour that is skipped.
  const earlier = wall - offsetMs(wall - dayMs, timeZone);
  const later = wall - offsetMs(wall + dayMs, timeZone);
  const moved = [earlier, later].find((instant) => instant + offsetMs(instant, timeZone) === wall) ?? earlier;
  return inZone(moved, timeZone);
}

/** A time as a zone's clocks show it, with the offset that holds there then: 2026-10-30T23:59:00-04:00 */
export function inZone(at: number, timeZone: string): string {
  const offset = offsetMs(at, timeZone);
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number) => String(value).padStart(2, '0');
  const local = new Date(at + offset).toISOString().replace(/(\.000)?Z$/, '');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** How far a zone's clocks are ahead of UTC. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((other) => other.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at / 1000) * 1000;
}
