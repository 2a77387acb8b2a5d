import { text } from '../text.ts'

/** UTF-32. */
export function makeFile(): Uint8Array {
  const codes = Uint32Array.from(`\uFEFF${text}`, (character) => character.codePointAt(0) ?? 0)
  return new Uint8Array(codes.buffer)
}
