import { makeNpy, makeScores, toF32 } from '../make-npy.ts'

/** The data end early. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(6, 10)', toF32(makeScores([7, 3, 5, 1, 1, 3])).subarray(0, 150))
}
