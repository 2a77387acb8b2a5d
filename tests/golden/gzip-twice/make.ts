import { gzipSync } from 'node:zlib'
import { text } from '../text.ts'

/** Gzip within gzip. */
export function makeFile(): Uint8Array {
  return gzipSync(gzipSync(text))
}
