import { makeNpy, toF32 } from '../make-npy.ts'

/** Float labels instead of scores. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(6,)', toF32([7, 3, 0, 1, 1, 3]))
}
