import { makeNpy } from '../make-npy.ts'

/** A header that claims 2^63 rows. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(9223372036854775808, 10)', new Uint8Array(240))
}
