import { makeNpy, toF32 } from '../make-npy.ts'

/** One row too few. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(5, 10)', toF32(Array.from({ length: 50 }, () => 0)))
}
