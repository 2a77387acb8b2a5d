/** The functions of `assembly/index.ts`. All arguments and results are unsigned 32-bit: addresses in bytes, counts, class indices. */
export type Kernel = {
  insertRecords(record: number, end: number, slots: number, mask: number): number;
  find(slots: number, mask: number, at: number, length: number): number;
  useKey(
    records: number,
    recordsEnd: number,
    idSlots: number,
    idMask: number,
    classSlots: number,
    classMask: number,
    classCount: number,
    numeric: number,
  ): void;
  useJob(truth: number, ranks: number, rows: number, stamps: number, batch: number): void;
  useLayout(separator: number, want: number): void;
  batchBytes(): number;
  scan(at: number, end: number): number;
  rowsTaken(): number;
  tally(ranks: number, usage: number, rows: number, out: number): void;
  hitBits(ranks: number, rows: number, k: number, out: number): void;
  rankF16(at: number, rows: number, classes: number, truth: number, ranks: number): number;
  rankF32(at: number, rows: number, classes: number, truth: number, ranks: number): number;
  rankF64(at: number, rows: number, classes: number, truth: number, ranks: number): number;
};

const NAMES = [
  'insertRecords',
  'find',
  'useKey',
  'useJob',
  'useLayout',
  'batchBytes',
  'scan',
  'rowsTaken',
  'tally',
  'hitBits',
  'rankF16',
  'rankF32',
  'rankF64',
] as const satisfies readonly (keyof Kernel)[];

/** A compiled kernel, and whether its memory is shared between threads (`kernel-shared.wasm`) or private (`kernel.wasm`). */
export type KernelModule = { module: WebAssembly.Module; shared: boolean };

export const PAGE_BYTES = 65_536;
const MAX_PAGES = 65_536;

/** Compiles the kernel from the bytes of one of the two built files. */
export async function compileKernel(bytes: Uint8Array<ArrayBuffer>, shared: boolean): Promise<KernelModule> {
  return { module: await WebAssembly.compile(bytes), shared };
}

/** A memory of at least `bytes` that the kernel accepts. */
export function createMemory(kernel: KernelModule, bytes: number): WebAssembly.Memory {
  const initial = Math.ceil(bytes / PAGE_BYTES) + 1;
  return new WebAssembly.Memory({ initial, maximum: MAX_PAGES, shared: kernel.shared });
}

/** The kernel's functions over a memory. */
export function startKernel(kernel: KernelModule, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(kernel.module, { env: { memory } });
  if (!isKernel(exports))
    throw new Error('kernel.wasm is not the kernel that this code was built with: build it again');
  return exports;
}

function isKernel(exports: object): exports is Kernel {
  const found = new Map(Object.entries(exports));
  return NAMES.every((name) => typeof found.get(name) === 'function');
}
