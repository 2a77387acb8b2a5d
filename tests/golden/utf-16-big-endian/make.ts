import { text } from '../text.ts'

/** UTF-16, big-endian. */
export function makeFile(): Uint8Array {
  return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()
}
