import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip(Array.from({ length: 65_000 }, (_, number) => ({ name: String(number) })))
}
