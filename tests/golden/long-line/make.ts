import { text } from '../text.ts'

/** One line of 10 MB is refused without being kept. */
export function makeFile(): Uint8Array {
  return Buffer.concat([Buffer.from(text), Buffer.alloc(10_000_000, 'x')])
}
