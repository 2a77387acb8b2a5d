import { gzipSync } from 'node:zlib'
import { text } from '../text.ts'

/** A gzip file with a flipped byte. */
export function makeFile(): Uint8Array {
  const bytes = Uint8Array.from(gzipSync(text))
  bytes.fill(0xff, 10, 16)
  return bytes
}
