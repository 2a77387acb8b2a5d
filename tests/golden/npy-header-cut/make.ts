import { makeNpy } from '../make-npy.ts'

/** The header ends early. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(6, 10)', new Uint8Array(0)).subarray(0, 40)
}
