import type { ProblemCode } from './report.ts';
import { quote } from './report.ts';

/** A little-endian, C-ordered array of floats that scoring can read. */
export type NpyHeader = { bytesPerValue: 2 | 4 | 8; dataFrom: number };
export type NpyHeaderResult =
  | { kind: 'header'; header: NpyHeader }
  | { kind: 'incomplete' }
  | { kind: 'problem'; code: ProblemCode; message: string };

const MAX_HEADER_BYTES = 10_000;

/**
 * Reads the header of a `.npy` file: numpy.lib.format, versions 1 to 3. The shape must be exactly `rows` × `classes`, so no
 * number in it is ever trusted; a dtype that would need Python objects is refused here, unread.
 */
export function readNpyHeader(
  bytes: Uint8Array,
  from: number,
  to: number,
  rows: number,
  classes: number,
): NpyHeaderResult {
  if (to - from < 12) return { kind: 'incomplete' };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = bytes[from + 6] ?? 0;
  if (version < 1 || version > 3)
    return bad(
      `The array is in version ${version} of the .npy format; versions 1 to 3 are read. Write it with np.save.`,
    );
  const wide = version > 1;
  const length = wide ? view.getUint32(from + 8, true) : view.getUint16(from + 8, true);
  if (length > MAX_HEADER_BYTES) return bad('The header of the array is far too long. Write the array with np.save.');
  const textFrom = from + (wide ? 12 : 10);
  if (to - textFrom < length) return { kind: 'incomplete' };

  const text = String.fromCharCode(...bytes.subarray(textFrom, textFrom + length));
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === null || order === undefined || shape === undefined)
    return bad('The header of the array is not readable. Write the array with np.save.');

  const dtype = descr[1] ?? 'a structured type';
  const bytesPerValue = widthOf(dtype);
  if (bytesPerValue === undefined) return { kind: 'problem', code: 'npy-dtype', message: dtypeProblem(dtype) };
  if (order === 'True') {
    return {
      kind: 'problem',
      code: 'npy-order',
      message: 'The array is stored by columns (Fortran order). Save np.ascontiguousarray(scores).',
    };
  }
  const sizes = shape
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '');
  if (sizes.length !== 2 || sizes[0] !== String(rows) || sizes[1] !== String(classes)) {
    return { kind: 'problem', code: 'npy-shape', message: shapeProblem(sizes, rows, classes) };
  }
  return { kind: 'header', header: { bytesPerValue, dataFrom: textFrom + length } };
}

function bad(message: string): NpyHeaderResult {
  return { kind: 'problem', code: 'bad-npy', message };
}

function widthOf(dtype: string): 2 | 4 | 8 | undefined {
  if (dtype === '<f2') return 2;
  if (dtype === '<f4') return 4;
  return dtype === '<f8' ? 8 : undefined;
}

function dtypeProblem(dtype: string): string {
  const said = `The values of the array are of type ${quote(dtype)}`;
  if (/^>f[248]$/.test(dtype)) return `${said}, big-endian. Save scores.astype("${dtype.replace('>', '<')}").`;
  if (dtype.includes('O'))
    return `${said}, Python objects, which are never unpickled. Save an array of float32: scores.astype("float32").`;
  if (/^[<>|=]?[iub]/.test(dtype))
    return `${said}, not float. An array must hold one score a class; labels go into a CSV.`;
  return `${said}. Save float16, float32 or float64: scores.astype("float32").`;
}

function shapeProblem(sizes: string[], rows: number, classes: number): string {
  const said = `The shape of the array is ${quote(`(${sizes.join(', ')})`)}, it must be (${rows}, ${classes}): one row for each id, one score for each class`;
  if (sizes[0] === String(classes) && sizes[1] === String(rows)) return `${said}. Save scores.T, made contiguous.`;
  if (sizes.length === 1 && sizes[0] === String(rows)) return `${said}. Labels alone go into a CSV.`;
  if (sizes[1] === String(classes)) return `${said}. The rows are those of the sample submission, in its order.`;
  return `${said}.`;
}
