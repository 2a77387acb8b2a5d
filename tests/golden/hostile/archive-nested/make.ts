import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip([{ name: 'main.py', content: 'print(1)' }, { name: 'inner.zip', content: makeZip([{ name: 'main.py', content: 'print(1)' }]), stored: true }])
}
