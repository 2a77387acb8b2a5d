import { text } from '../text.ts'

/** A quote that stays open for 10 MB. */
export function makeFile(): Uint8Array {
  return Buffer.concat([Buffer.from(`${text}"`), Buffer.alloc(10_000_000, 'x\n')])
}
