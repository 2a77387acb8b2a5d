import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip([{ name: 'main.py', content: 'print(1)' }, { name: 'zeros', content: new Uint8Array(100_000_000), declaredBytes: 10 }])
}
