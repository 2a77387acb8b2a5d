import { text } from '../text.ts'

/** UTF-16 with a byte order mark, as PowerShell writes it. */
export function makeFile(): Uint8Array {
  return Buffer.from(`\uFEFF${text}`, 'utf16le')
}
