import { makeNpy } from '../make-npy.ts'

/** Fortran order. */
export function makeFile(): Uint8Array {
  return makeNpy("'<f4'", '(6, 10)', new Uint8Array(240), { fortran: true })
}
