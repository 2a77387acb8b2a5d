import { text } from '../text.ts'

/** A byte that is not UTF-8, on line 4. */
export function makeFile(): Uint8Array {
  return Buffer.from(text.replace('img_3', 'im\u00e9_3'), 'latin1')
}
