import { text } from '../text.ts'

/** Zero bytes within a row. */
export function makeFile(): Uint8Array {
  return Buffer.from(text.replace('img_3,0', 'img_3\0,0\0'))
}
