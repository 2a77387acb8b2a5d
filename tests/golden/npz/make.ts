import { Buffer } from 'node:buffer'

/** A .npz archive. */
export function makeFile(): Uint8Array {
  return Buffer.from('PK\x03\x04scores.npy', 'latin1')
}
