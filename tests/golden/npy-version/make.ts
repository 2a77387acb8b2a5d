import { makeNpy } from '../make-npy.ts'

/** A version of the format that does not exist. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(6, 10)', new Uint8Array(240), { version: 9 })
}
