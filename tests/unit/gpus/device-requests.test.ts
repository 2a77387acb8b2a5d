import { describe, expect, it } from 'vitest';
import { RunLimits } from '../../../core/contract/runs.ts';
import { cageOptions, fillerOptions, holderOptions } from '../../../worker/executor/cage.ts';

const spec = (gpus: readonly string[]) => ({ image: 'sha256:1', limits: RunLimits.parse({}), gpus, inputs: {} });
const parts = {
  uid: 20_001,
  runtime: 'runc',
  gvisor: false,
  volumes: { job: 'j', out: 'o', log: 'l' },
  inputs: { data: undefined, hidden: undefined },
  labels: {},
};
const environmentOf = (gpus: readonly string[]) =>
  cageOptions(spec(gpus), parts).Env?.filter((entry) => entry.startsWith('NVIDIA_'));

/** As `docker run --gpus '"device=…"'` sends them: named devices, so no count. */
describe('what Docker is asked for', () => {
  it.each([
    [['GPU-6a96bd8f-df58-6355-c444-3a5de151ef47']],
    [['GPU-00000000-0000-4000-8000-000000000000', 'GPU-00000000-0000-4000-8000-000000000001']],
    [['MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f']],
  ])('is exactly the leased devices: %j', (gpus) => {
    expect(cageOptions(spec(gpus), parts).HostConfig?.DeviceRequests).toEqual([
      { Driver: 'nvidia', DeviceIDs: gpus, Capabilities: [['gpu', 'compute', 'utility']] },
    ]);
    expect(environmentOf(gpus)).toEqual([`NVIDIA_VISIBLE_DEVICES=${gpus.join(',')}`]);
  });

  it('is no device for a run without a lease, nor for what stands beside a run', () => {
    expect(cageOptions(spec([]), parts).HostConfig).not.toHaveProperty('DeviceRequests');
    // An image may say "all", and a daemon whose standard runtime is nvidia's would obey.
    expect(environmentOf([])).toEqual(['NVIDIA_VISIBLE_DEVICES=void']);
    const beside = [holderOptions(spec(['GPU-1']), parts), fillerOptions('sha256:1', 'v', {})];
    expect(JSON.stringify(beside)).not.toMatch(/DeviceRequests|GPU-1/);
  });
});
