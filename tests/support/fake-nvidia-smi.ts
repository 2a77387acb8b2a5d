import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeGpu {
  readonly uuid: string;
  readonly usedMiB?: number | string;
  readonly utilisation?: number | string;
  /** Process ids. */
  readonly apps?: readonly number[];
}

/** A program that answers as nvidia-smi does, for devices that are not there: so the code that asks a driver runs as it is. */
export interface FakeSmi {
  /** To be put before the PATH; the program is `nvidia-smi` in it. */
  readonly folder: string;
  readonly program: string;
  /** From the next question on, also of a program that prints again and again. */
  set(gpus: readonly FakeGpu[]): Promise<void>;
  /** From the next question on it prints this and ends with this code; undefined: it answers again. */
  breakWith(text: string | undefined, code?: number): Promise<void>;
  /** From the next question on it never answers. */
  hang(): Promise<void>;
  remove(): Promise<void>;
}

export function simulatedGpus(count: number): FakeGpu[] {
  return Array.from({ length: count }, (_, index) => ({
    uuid: `GPU-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  }));
}

export async function createFakeSmi(gpus: readonly FakeGpu[]): Promise<FakeSmi> {
  const folder = await mkdtemp(join(tmpdir(), 'topk-nvidia-smi-'));
  const program = join(folder, 'nvidia-smi');
  // In place at once: a question may be asked at any moment.
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, `${name}.new`), text);
    await rename(join(folder, `${name}.new`), join(folder, name));
  };
  const set = async (now: readonly FakeGpu[]) => {
    await put('devices', now.map((gpu, index) => `${deviceLine(gpu, index)}\n`).join(''));
    await put('apps', now.flatMap(({ uuid, apps = [] }) => apps.map((pid) => `${uuid}, ${pid}, 100\n`)).join(''));
  };
  await set(gpus);
  await writeFile(program, script(folder));
  await chmod(program, 0o755);
  return {
    folder,
    program,
    set,
    breakWith: async (text, code = 9) => {
      if (text === undefined) await rm(join(folder, 'broken'), { force: true });
      else await put('broken', `${code}\n${text}\n`);
    },
    hang: async () => await put('broken', 'hang\n'),
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** index;uuid;name;memory.total;driver_version;mig.mode.current;memory.used;utilization.gpu */
function deviceLine({ uuid, usedMiB = 0, utilisation = 0 }: FakeGpu, index: number): string {
  return [index, uuid, 'Simulated GPU', 24_576, '570.86.15', 'Disabled', usedMiB, utilisation].join(';');
}

function script(folder: string): string {
  return `#!/bin/sh
query= id= every=
for argument; do
  case $argument in
    --query-gpu=*) query=\${argument#*=} ;;
    --query-compute-apps=*) query=apps ;;
    --id=*) id=\${argument#*=} ;;
    --loop-ms=*) every=\${argument#*=} ;;
  esac
done
cd '${folder}' || exit 1
answer() {
  if [ -e broken ]; then
    read -r code < broken
    if [ "$code" = hang ]; then exec sleep 600; fi
    tail -n +2 broken
    exit "$code"
  fi
  if [ "$query" = apps ]; then
    awk -v id="$id" 'id == "" || index($0, id) == 1' apps
  else
    awk -F ';' -v id="$id" -v query="$query" '
      BEGIN {
        split("index uuid name memory.total driver_version mig.mode.current memory.used utilization.gpu", names, " ")
        for (i in names) column[names[i]] = i
        count = split(query, wanted, ",")
      }
      id == "" || id == $2 {
        line = $(column[wanted[1]])
        for (i = 2; i <= count; i++) line = line ", " $(column[wanted[i]])
        print line
      }' devices
  fi
}
answer
while [ -n "$every" ]; do
  sleep "$(awk -v ms="$every" 'BEGIN { print ms / 1000 }')"
  answer
done
`;
}
