import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms whatever the processor. */
const msPerTick = 10;

/**
 * How much processor time the processes have used since they started, in milliseconds, with their children; undefined where there is no /proc. Says
 * more than wall time on a machine that does other things as well.
 */
export function cpuMs(processes: Readonly<Record<string, number>>): Record<string, number> | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const named = new Set(Object.values(processes));
  return Object.fromEntries(
    Object.entries(processes).map(([name, pid]) => {
      // Children that are asked for by name count for themselves.
      const own = all.filter((entry) => entry.pid === pid || (entry.parent === pid && !named.has(entry.pid)));
      const ticks = own.map((entry) => entry.ticks + (entry.pid === pid ? entry.endedTicks : 0));
      return [name, ticks.reduce((sum, one) => sum + one, 0) * msPerTick];
    }),
  );
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  /** Of children that have ended. */
  readonly endedTicks: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [own = 0, ownKernel = 0, ended = 0, endedKernel = 0] = fields.slice(11);
    return { pid, parent: fields[1] ?? 0, ticks: own + ownKernel, endedTicks: ended + endedKernel };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
