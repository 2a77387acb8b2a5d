import { spawnSync } from 'node:child_process';
import type { DockerApi } from '../docker-api.ts';
import { DockerInfo } from './docker.ts';
import type { Finding } from './finding.ts';

/** Whether the machine's GPUs can be given to containers. */
export async function lookAtGpus(api: DockerApi): Promise<Finding> {
  const { Runtimes } = DockerInfo.parse(await api.find('/info'));
  return judgeGpus(listGpus(), Object.keys(Runtimes));
}

/** What `nvidia-smi -L` prints; undefined where there is no driver. */
function listGpus(): string | undefined {
  const { status, stdout } = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout : undefined;
}

/** @param listed what `nvidia-smi -L` printed; undefined where there is no driver */
export function judgeGpus(listed: string | undefined, runtimes: readonly string[]): Finding {
  const devices = listed?.split('\n').filter((line) => line.startsWith('GPU ')) ?? [];
  if (devices.length === 0) {
    return { name: 'GPUs', state: 'skipped', detail: 'none here (nvidia-smi finds none); phases that need one wait' };
  }
  const detail = devices.map((line) => line.replace(/ \(UUID.*/, '')).join(', ');
  if (runtimes.includes('nvidia')) return { name: 'GPUs', state: 'ok', detail };
  return {
    name: 'GPUs',
    state: 'fail',
    detail: `${detail}; the Docker daemon can’t give them to containers`,
    remedy:
      'install nvidia-container-toolkit, then: nvidia-ctk runtime configure --runtime=docker && systemctl restart docker',
  };
}
