import { makeNpy, makeScores, toF32 } from '../make-npy.ts'

/** An array of float32. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(6, 10)', toF32(makeScores([7, 3, 5, 1, 1, 3])))
}
