import { text } from '../text.ts'

/** More than ten errors, then a quote that is never closed: what ended the reading is listed. */
export function makeFile(): Uint8Array {
  return Buffer.from(`${text}${'x,1\n'.repeat(20)}"img_1,2\n`)
}
