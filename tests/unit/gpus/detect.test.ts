import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectGpus, parseWantedGpus, type Detection, type WantedGpus } from '../../../worker/gpus/detect.ts';
import { createSmi, type Smi, type SmiAnswer } from '../../../worker/gpus/nvidia-smi.ts';
import { createFakeSmi, simulatedGpus, type FakeSmi } from '../../support/fake-nvidia-smi.ts';

const recorded = async (name: string) => await readFile(join(import.meta.dirname, 'recorded', `${name}.txt`), 'utf8');

/** Detection where the driver gives recorded answers. */
async function detect(
  list: string,
  { wanted = 'all', instances, code = 0 }: { wanted?: WantedGpus; instances?: string; code?: number } = {},
): Promise<Detection> {
  const smi: Smi = async ([first]) => {
    if (first === '-L' && instances === undefined) throw new Error('asked for instances where no device has MIG on');
    const text = await recorded(first === '-L' ? (instances ?? '') : list);
    const answer: SmiAnswer =
      code === 0 ? { kind: 'answered', text } : { kind: 'failed', text, reason: `nvidia-smi ended with ${code}` };
    return answer;
  };
  return await detectGpus(smi, wanted);
}

const a100 = (index: number) => `GPU-5d5ba0d6-d33d-2b2c-524d-00000000000${index}`;
const migs = [
  'MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f',
  'MIG-0b757fee-5b46-5ef5-aa15-0e4f5a30dc4f',
  'MIG-4c0d1a4b-2b3f-5a0e-8b6a-b9a0d1a2c111',
  'MIG-GPU-5d5ba0d6-d33d-2b2c-524d-000000000005/3/0',
];

describe('the devices that the driver lists', () => {
  it('are found with name, memory and driver', async () => {
    expect(await detect('h100.list')).toEqual({
      gpus: [
        {
          id: 'GPU-6a96bd8f-df58-6355-c444-3a5de151ef47',
          name: 'NVIDIA H100 80GB HBM3',
          memoryMiB: 81_559,
          driver: '550.54.15',
        },
      ],
      problems: [],
    });
  });

  it('are MIG instances where MIG is on, whole devices elsewhere, and nothing where MIG has no instances', async () => {
    const { gpus, problems } = await detect('a100x8.list', { instances: 'a100x8.instances' });
    expect(gpus.map(({ id }) => id)).toEqual([
      a100(0),
      a100(1),
      ...migs.slice(0, 2),
      a100(3),
      a100(4),
      ...migs.slice(2),
      a100(7),
    ]);
    expect(gpus[2]).toEqual({
      id: migs[0],
      name: 'NVIDIA A100-SXM4-40GB MIG 3g.20gb',
      memoryMiB: 20_480,
      driver: '535.161.08',
      parent: a100(2),
    });
    expect(gpus.map(({ memoryMiB }) => memoryMiB)).toEqual([
      40_960, 40_960, 20_480, 20_480, 40_960, 40_960, 5120, 20_480, 40_960,
    ]);
    expect(problems).toEqual([]);
  });

  it.each<[WantedGpus, (string | undefined)[]]>([
    [['0'], [a100(0)]],
    [
      ['7', '1'],
      [a100(7), a100(1)],
    ],
    [[a100(3).toUpperCase(), '3'], [a100(3)]],
    [['2'], migs.slice(0, 2)],
    [
      [migs[1] ?? '', '2'],
      [migs[1], migs[0]],
    ],
    ['none', []],
  ])('can be chosen: %j', async (wanted, ids) => {
    const { gpus, problems } = await detect('a100x8.list', { wanted, instances: 'a100x8.instances' });
    expect(gpus.map(({ id }) => id)).toEqual(ids);
    expect(problems).toEqual([]);
  });

  it('are named where one is wanted that is not there, and the others are used', async () => {
    const { gpus, problems } = await detect('h100.list', { wanted: ['0', '1', 'MIG-12345678'] });
    expect(gpus).toHaveLength(1);
    expect(problems).toEqual([
      'WORKER_GPUS names 1, which the driver does not list; it lists 0 (GPU-6a96bd8f-df58-6355-c444-3a5de151ef47)',
      expect.stringContaining('names MIG-12345678'),
    ]);
    const unsplit = await detect('a100x8.list', { wanted: ['6'], instances: 'a100x8.instances' });
    expect(unsplit).toEqual({ gpus: [], problems: ['WORKER_GPUS names 6, which has MIG on but no instances'] });
  });

  it('are those that answer: what the driver has lost is told and never used', async () => {
    const { gpus, problems } = await detect('lost.list', { code: 15 });
    // The last one only has no figures.
    expect(gpus.map(({ id, memoryMiB, driver }) => [id.slice(4, 6), memoryMiB, driver])).toEqual([
      ['1d', 49_140, '535.183.01'],
      ['4d', undefined, undefined],
    ]);
    expect(problems).toEqual([
      'Unable to determine the device handle for GPU 0000:3B:00.0: Unknown Error',
      'GPU 1 (GPU-2d4cd42b-9b3c-a0d4-9e68-3e1a2f2ad0a2): [GPU is lost]',
      'GPU 2 (GPU-3d4cd42b-9b3c-a0d4-9e68-3e1a2f2ad0a3): ERR!',
    ]);
  });

  it.each([
    ['no-driver.list', 9, [expect.stringContaining('communicate with the NVIDIA driver')]],
    ['mismatch.list', 18, [expect.stringContaining('version mismatch'), 'NVML library version: 550.54']],
    ['no-devices.list', 6, []],
  ])('are none where it says %s', async (list, code, problems) => {
    expect(await detect(list, { code })).toEqual({ gpus: [], problems });
  });
});

describe('nvidia-smi', () => {
  let fake: FakeSmi;
  beforeAll(async () => {
    fake = await createFakeSmi(simulatedGpus(2));
  });
  afterAll(async () => await fake.remove());

  it('that is not there means no GPUs, and trouble only where some are wanted', async () => {
    const smi = createSmi(`${fake.folder}/none`);
    expect(await detectGpus(smi, 'all')).toEqual({ gpus: [], problems: [] });
    expect((await detectGpus(smi, ['0'])).problems).toEqual([
      'WORKER_GPUS names GPUs, but there is no nvidia-smi here',
    ]);
  });

  it('is run as a program', async () => {
    const { gpus } = await detectGpus(createSmi(fake.program), ['1']);
    expect(gpus.map(({ id }) => id)).toEqual(['GPU-00000000-0000-4000-8000-000000000001']);
  });

  it('that hangs is given up at its deadline, that fails is quoted', async () => {
    await fake.hang();
    const begunMs = performance.now();
    expect(await detectGpus(createSmi(fake.program, 300), 'all')).toEqual({
      gpus: [],
      problems: ['nvidia-smi did not answer within 0.3 s'],
    });
    expect(performance.now() - begunMs).toBeLessThan(30_000);
    await fake.breakWith('', 255);
    expect((await detectGpus(createSmi(fake.program), 'all')).problems).toEqual([
      'nvidia-smi ended with 255 and said: nothing',
    ]);
    await fake.breakWith(undefined);
  });
});

describe('WORKER_GPUS', () => {
  it.each<[string, WantedGpus]>([
    ['none', 'none'],
    ['', 'none'],
    ['all', 'all'],
    ['detect', 'all'],
    ['0,1', ['0', '1']],
    [` 2 , ${a100(0)},2`, ['2', a100(0)]],
    [migs.join(','), migs],
  ])('%j', (text, wanted) => {
    expect(parseWantedGpus(text)).toEqual(wanted);
  });

  it.each(['0,,1', 'gpu0', '0;1', '-1', '1.5', 'GPU-1', '0 1', 'all,0'])(
    '%j is refused with what may stand there',
    (text) => {
      expect(() => parseWantedGpus(text)).toThrow(/is no GPU: write indices \(0,1\), UUIDs/);
    },
  );
});
