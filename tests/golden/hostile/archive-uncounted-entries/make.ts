import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip(Array.from({ length: 100_000 }, (_, number) => ({ name: String(number) })))
}
