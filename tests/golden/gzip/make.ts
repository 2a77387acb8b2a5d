import { gzipSync } from 'node:zlib'
import { text } from '../text.ts'

/** A gzip file is unpacked, whatever its name. */
export function makeFile(): Uint8Array {
  return gzipSync(text)
}
