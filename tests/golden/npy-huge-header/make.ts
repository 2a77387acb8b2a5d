import { makeNpy } from '../make-npy.ts'

/** A header that claims 4 GB for itself. */
export function makeFile(): Uint8Array {
  const bytes = makeNpy("'<f4'", '(6, 10)', new Uint8Array(240), { version: 2 })
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, 0xffffffff, true)
  return bytes
}
