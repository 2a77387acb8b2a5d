import { makeNpy, makeScores, toF64 } from '../make-npy.ts'

/** An array of float64, header version 2. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f8'", '(6, 10)', toF64(makeScores([7, 3, 5, 1, 1, 3])), { version: 2 })
}
