import { makeNpy } from '../make-npy.ts'

/** A structured array. */
export function makeFile(): Uint8Array {
  return makeNpy("[('a', '<f4'), ('b', '<f4')]", '(6,)', new Uint8Array(48))
}
