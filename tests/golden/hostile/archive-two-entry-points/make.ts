import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  const notebook = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 })
  return makeZip([{ name: 'main.py', content: 'print(1)' }, { name: 'main.ipynb', content: notebook }])
}
