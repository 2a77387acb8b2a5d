import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip([{ name: 'main.py', content: 'print(1)' }, { name: 'sda', content: '', mode: 0o060666 }])
}
