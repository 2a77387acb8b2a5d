import { makeNpy } from '../make-npy.ts'

/** An array of float16: 1 for the best class, 0 for all others; ties go to the lower class. */
export function makeFile(): Uint8Array {
  const halves = new Uint16Array(60)
  for (const [row, label] of [7, 3, 5, 1, 1, 3].entries()) halves[10 * row + label] = 0x3c00
  return makeNpy("'<f2'", '(6, 10)', new Uint8Array(halves.buffer))
}
