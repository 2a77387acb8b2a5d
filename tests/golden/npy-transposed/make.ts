import { makeNpy, toF32 } from '../make-npy.ts'

/** Classes by rows. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(10, 6)', toF32(Array.from({ length: 60 }, () => 0)))
}
