import { makeNpy, makeScores, toF32 } from '../make-npy.ts'

/** NaN and infinities, with row and column. */
export function makeFile(): Uint8Array {
  const scores = makeScores([7, 3, 5, 1, 1, 3], (rows) => {
    rows[1]?.splice(4, 1, Number.NaN)
    rows[5]?.splice(9, 1, -Infinity)
  })
  return makeNpy("'<f4'", '(6, 10)', toF32(scores))
}
