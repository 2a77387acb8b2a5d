import { gzipSync } from 'node:zlib'
import { text } from '../text.ts'

/** Several gzip members are one file. */
export function makeFile(): Uint8Array {
  return Buffer.concat([gzipSync(text.slice(0, 20)), gzipSync(text.slice(20))])
}
