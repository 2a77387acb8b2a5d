const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units, as download dialogs show them: `17.4 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${UNITS[power - 1]}`;
}

/** A share of `rows` with as many decimals as tell two counts apart, at least four and at most six. */
export function formatScore(value: number, rows: number): string {
  return value.toFixed(Math.min(6, Math.max(4, Math.ceil(Math.log10(Math.max(rows, 1))))));
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
