import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  // One local header behind both names of the directory, as in a bomb of Fifield's kind; the names agree.
  const main = { name: 'main.py', content: 'x'.repeat(1000) }
  return makeZip([main, { ...main, sameAs: 0 }])
}
