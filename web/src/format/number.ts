const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units, as download dialogs show them: `17.4 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${UNITS[power - 1]}`;
}

const BINARY_UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

/** Memory, in the units that limits are set in: `1.9 GiB`. */
export function formatMemory(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), BINARY_UNITS.length);
  const value = bytes / 1024 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${BINARY_UNITS[power - 1]}`;
}

/** A share of `rows` with as many decimals as tell two counts apart, at least four and at most six. */
export function formatScore(value: number, rows: number): string {
  return value.toFixed(Math.min(6, Math.max(4, Math.ceil(Math.log10(Math.max(rows, 1))))));
}

// Made once: a call of toLocaleString makes one each time, and a long table calls it thousands of times.
const whole = new Intl.NumberFormat('en-US');
const sixDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });

/** A count: `1,234`. */
export function formatWhole(count: number): string {
  return whole.format(count);
}

/** A value of any size with six significant digits: `0.123457`, `1,234.57`, `1.2e-9`. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toPrecision(6).replace(/\.?0+e/, 'e');
  return sixDigits.format(value);
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatWhole(count)} ${count === 1 ? one : many}`;
}
