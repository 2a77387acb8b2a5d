import { text } from '../text.ts'

/** UTF-16 without a byte order mark. */
export function makeFile(): Uint8Array {
  return Buffer.from(text, 'utf16le')
}
