/** A `.npy` file, version 1 unless said, of these bytes: numpy.lib.format. */
export function makeNpy(descr: string, shape: string, data: Uint8Array, { fortran = false, version = 1 } = {}): Uint8Array {
  const dict = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`
  const prefix = version === 1 ? 10 : 12
  const text = dict.padEnd(Math.ceil((prefix + dict.length + 1) / 64) * 64 - prefix - 1) + '\n'
  const head = Buffer.alloc(prefix)
  head.write('\x93NUMPY', 'latin1')
  head[6] = version
  if (version === 1) head.writeUInt16LE(text.length, 8)
  else head.writeUInt32LE(text.length, 8)
  return Buffer.concat([head, Buffer.from(text, 'latin1'), data])
}

/** Scores of six rows and ten classes: the class of each row gets 1, the others less. */
export function makeScores(best: readonly number[], change: (scores: number[][]) => void = () => undefined): number[] {
  const scores = best.map((label) => Array.from({ length: 10 }, (_, j) => (j === label ? 1 : j / 100)))
  change(scores)
  return scores.flat()
}

export function toF32(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

export function toF64(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer)
}
