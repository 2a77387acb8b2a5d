import { Buffer } from 'node:buffer'

/** A header of 10 MB. */
export function makeFile(): Uint8Array {
  return Buffer.alloc(10_000_000, 'id,')
}
