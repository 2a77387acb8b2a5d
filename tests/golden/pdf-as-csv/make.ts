import { text } from '../text.ts'

/** A PDF given as CSV. */
export function makeFile(): Uint8Array {
  return Buffer.from(`%PDF-1.7\n${text}`)
}
