import { text } from '../text.ts'

/** A zip archive given as CSV. */
export function makeFile(): Uint8Array {
  return Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\0\0', 'latin1'), Buffer.from(text)])
}
