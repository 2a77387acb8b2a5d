import { makeNpy } from '../make-npy.ts'

/** Big-endian floats. */
export function makeFile(): Uint8Array {
  return makeNpy("'>f4'", '(6, 10)', new Uint8Array(240))
}
