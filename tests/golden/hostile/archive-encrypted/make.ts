import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip([{ name: 'main.py', content: 'x', flags: 0x801 }])
}
