import { makeNpy } from '../make-npy.ts'

/** Pickled Python objects are refused from the header. */
export function makeFile(): Uint8Array {
  return makeNpy("'|O'", '(6, 10)', new Uint8Array(100))
}
