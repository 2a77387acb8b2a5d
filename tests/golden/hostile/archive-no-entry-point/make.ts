import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip([{ name: 'weights.bin', content: 'x' }])
}
