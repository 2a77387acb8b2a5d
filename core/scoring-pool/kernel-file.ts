import { readFile } from 'node:fs/promises';
import { compileKernel, type KernelModule } from '../scoring/kernel/kernel.ts';

/** Loads the kernel for memory that threads share. Throws where it was not built yet. */
export async function loadKernelFile(): Promise<KernelModule> {
  const url = new URL('../scoring/kernel/kernel-shared.wasm', import.meta.url);
  try {
    return await compileKernel(Uint8Array.from(await readFile(url)), true);
  } catch (cause) {
    throw new Error(`The scoring kernel is not built: run "node core/scoring/kernel/main.ts"`, { cause });
  }
}
