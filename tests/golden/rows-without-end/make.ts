import { text } from '../text.ts'

/** A million rows where six are wanted: the reading stops. */
export function makeFile(): Uint8Array {
  return Buffer.from(text + 'x,1\n'.repeat(1_000_000))
}
