import type { Gpu } from './detect.ts';
import type { Smi } from './nvidia-smi.ts';
import { brokenCell, cellsOf, linesOf, numberIn } from './parse.ts';

/** `busy`: somebody's process or memory is on it. `broken`: it must not be used. */
export type Health =
  | { readonly kind: 'free' }
  | { readonly kind: 'busy'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string };

/** How a device is. Never rejects. */
export type Probe = (gpu: Gpu) => Promise<Health>;

/** What a driver keeps for itself may grow by this much without anybody's process being there. */
const slackMiB = 256;

/**
 * Looks at devices by nvidia-smi: free is one that answers, has no compute process and holds no more memory than when it was last seen without one.
 * Of a MIG instance nvidia-smi tells neither memory nor processes by UUID, so only its device's answering is looked at.
 */
export function createProbe(smi: Smi): Probe {
  /** By UUID, in MiB: the least that was used while no process was there. */
  const idle = new Map<string, number>();
  return async (gpu) => {
    const uuid = gpu.parent ?? gpu.id;
    const [state, apps] = await Promise.all([
      smi([`--id=${uuid}`, '--query-gpu=uuid,memory.used', '--format=csv,noheader,nounits']),
      smi([`--id=${uuid}`, '--query-compute-apps=gpu_uuid,pid,used_memory', '--format=csv,noheader,nounits']),
    ]);
    if (state.kind === 'missing' || apps.kind === 'missing') return broken('nvidia-smi is gone');
    if (state.kind === 'failed') return broken(state.reason);
    if (apps.kind === 'failed') return broken(apps.reason);
    const row = linesOf(state.text).find((line) => line.startsWith(uuid));
    const [, used] = row === undefined ? [] : cellsOf(row);
    if (used === undefined) return broken(`nvidia-smi does not list ${uuid}`);
    const lost = brokenCell(used);
    if (lost !== undefined) return broken(lost);
    if (gpu.parent !== undefined) return { kind: 'free' };
    const processes = linesOf(apps.text).filter((line) => line.startsWith(uuid)).length;
    if (processes > 0) return { kind: 'busy', reason: `${processes} compute processes are on it` };
    const usedMiB = numberIn(used);
    if (usedMiB === undefined) return { kind: 'free' };
    const idleMiB = Math.min(usedMiB, idle.get(uuid) ?? Infinity);
    idle.set(uuid, idleMiB);
    if (usedMiB <= idleMiB + slackMiB) return { kind: 'free' };
    return { kind: 'busy', reason: `${usedMiB} MiB of its memory are in use, ${idleMiB} MiB when it is idle` };
  };
}

function broken(reason: string): Health {
  return { kind: 'broken', reason };
}
