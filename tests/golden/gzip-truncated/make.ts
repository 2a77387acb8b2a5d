import { gzipSync } from 'node:zlib'
import { text } from '../text.ts'

/** A gzip file that was cut off. */
export function makeFile(): Uint8Array {
  return gzipSync(text).subarray(0, -12)
}
