import { makeNpy, makeScores, toF32 } from '../make-npy.ts'

/** Bytes after the last row. */
export function makeFile(): Uint8Array {
  return Buffer.concat([makeNpy("'<f4'", '(6, 10)', toF32(makeScores([7, 3, 5, 1, 1, 3]))), new Uint8Array(8)])
}
