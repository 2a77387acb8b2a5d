import type { FormReader } from './csv-predictions.ts';
import type { Job } from './job.ts';
import { readNpyHeader, type NpyHeader } from './npy-header.ts';
import { counted } from './report.ts';

/** Reads an array of class scores: row by row, in the order of the sample submission. */
export function createNpyReader(job: Job): FormReader {
  const { key, kernel, arena, bytes, report } = job;
  let header: NpyHeader | undefined;
  let stop = false;
  let tooMuch = false;

  return { read, stopped: () => stop, finish };

  function read(from: number, to: number): number {
    let at = from;
    if (header === undefined) {
      const result = readNpyHeader(bytes, from, to, key.rows, key.classCount);
      if (result.kind === 'incomplete') return from;
      if (result.kind === 'problem') {
        report.add(result.code, {}, () => result.message);
        stop = true;
        return to;
      }
      header = result.header;
      at = header.dataFrom;
    }
    const rowBytes = header.bytesPerValue * key.classCount;
    while (!stop && job.rows < key.rows && to - at >= rowBytes) {
      const whole = Math.min(Math.floor((to - at) / rowBytes), key.rows - job.rows);
      const taken = rank(header.bytesPerValue, at, whole);
      if (job.best !== undefined) noteBest(job.best, header.bytesPerValue, at, taken);
      job.rows += taken;
      at += taken * rowBytes;
      if (taken < whole) {
        reportOdd(header.bytesPerValue, at);
        job.ranks[job.rows] = 0;
        job.rows++;
        at += rowBytes;
      }
    }
    if (job.rows === key.rows && at < to) {
      tooMuch = true;
      stop = true;
    }
    return at;
  }

  function rank(bytesPerValue: 2 | 4 | 8, at: number, rows: number): number {
    const truth = job.truth === undefined ? 0 : key.layout.truth + 4 * job.rows;
    const ranks = arena.ranks + job.rows;
    if (bytesPerValue === 4) return kernel.rankF32(at, rows, key.classCount, truth, ranks);
    if (bytesPerValue === 8) return kernel.rankF64(at, rows, key.classCount, truth, ranks);
    return kernel.rankF16(at, rows, key.classCount, truth, ranks);
  }

  /** The greatest score of each row, of equal ones the first: as the kernel ranks them. */
  function noteBest(best: Uint32Array, bytesPerValue: 2 | 4 | 8, at: number, rows: number): void {
    const view = new DataView(bytes.buffer);
    for (let row = 0; row < rows; row++) {
      const start = at + row * bytesPerValue * key.classCount;
      let [most, column] = [-Infinity, 0];
      for (let i = 0; i < key.classCount; i++) {
        const value = readValue(view, bytesPerValue, start + i * bytesPerValue);
        if (value > most) [most, column] = [value, i];
      }
      best[job.rows + row] = column;
    }
  }

  function reportOdd(bytesPerValue: 2 | 4 | 8, at: number): void {
    const view = new DataView(bytes.buffer);
    for (let column = 0; column < key.classCount; column++) {
      const value = readValue(view, bytesPerValue, at + column * bytesPerValue);
      if (Number.isFinite(value)) continue;
      const row = job.rows;
      const said = Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
      report.add('not-finite', { row, column: String(column) }, () => {
        return `The score in row ${row}, column ${column} (both from 0) is ${said}. Every score must be a finite number: look for overflow, log(0) or 0/0.`;
      });
      return;
    }
  }

  function finish(): void {
    if (header === undefined) {
      if (!stop)
        report.add('truncated', {}, () => 'The file ends within the header of the array. Write and upload it again.');
      return;
    }
    if (tooMuch)
      report.add(
        'bad-npy',
        {},
        () => 'The file goes on after the last row of the array. Write it with np.save, one array a file.',
      );
    if (job.rows < key.rows) {
      report.add(
        'truncated',
        {},
        () =>
          `The file ends after ${counted(job.rows, 'row')} of ${key.rows.toLocaleString('en-US')}. Write and upload it again.`,
      );
    }
  }
}

function readValue(view: DataView, bytesPerValue: 2 | 4 | 8, at: number): number {
  if (bytesPerValue === 4) return view.getFloat32(at, true);
  if (bytesPerValue === 8) return view.getFloat64(at, true);
  // DataView reads no half floats on Node 24.
  const bits = view.getUint16(at, true);
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 0x3ff];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
