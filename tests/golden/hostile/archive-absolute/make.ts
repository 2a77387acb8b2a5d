import { makeZip } from '../../../support/zip.ts'

export function makeFile(): Uint8Array {
  return makeZip([{ name: 'main.py', content: 'print(1)' }, { name: '/etc/cron.d/evil', content: 'x' }])
}
