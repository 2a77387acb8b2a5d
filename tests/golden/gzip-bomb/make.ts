import { gzipSync } from 'node:zlib'
import { text } from '../text.ts'

/** A small file that unpacks to 50 MB stops at the limit. */
export function makeFile(): Uint8Array {
  return gzipSync(Buffer.concat([Buffer.from(text), Buffer.alloc(50_000_000, '\n')]), { level: 1 })
}
