/** How far a zone's wall clock is ahead of UTC at an instant, in milliseconds. */
function offsetMs(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((entry) => entry.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(ms / 1000) * 1000;
}

/**
 * The instant at which a zone's clock shows what a field of type `datetime-local` holds (`2026-12-01T23:59`), as ISO 8601 in UTC. What no clock shows,
 * since it is put forward, is taken as if it had not been; of what it shows twice, the first.
 * @returns undefined where the text is no such time
 */
export function instantOf(local: string, timeZone: string): string | undefined {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return undefined;
  const before = offsetMs(wall - 86_400_000, timeZone);
  const candidate = wall - before;
  const exact = offsetMs(candidate, timeZone) === before ? candidate : wall - offsetMs(candidate, timeZone);
  const shown = exact + offsetMs(exact, timeZone) === wall ? exact : candidate;
  return new Date(shown).toISOString();
}

/** What a field of type `datetime-local` holds for an instant, by a zone's clock: with seconds where it has some. */
export function localOf(instant: string, timeZone: string): string {
  const ms = Date.parse(instant);
  const text = new Date(ms + offsetMs(ms, timeZone)).toISOString();
  return text.slice(0, text.slice(17, 19) === '00' ? 16 : 19);
}

/** The `step` of such a field, in seconds: a browser takes no seconds where it is a minute. */
export function stepOf(local: string): number {
  return local.length > 16 ? 1 : 60;
}
