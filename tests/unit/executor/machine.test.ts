import { describe, expect, it } from 'vitest';
import { RunLimits } from '../../../core/contract/runs.ts';
import { fitToMachine } from '../../../worker/executor/machine.ts';

const machine = { cpus: 2, memoryBytes: 4 * 2 ** 30 };
const limits = (given: Partial<RunLimits>) => RunLimits.parse(given);

describe('limits on a machine', () => {
  it('are as they were where it can set them', () => {
    const wanted = limits({ cpus: 2, memoryMiB: 4096 });
    expect(fitToMachine(wanted, machine)).toEqual(wanted);
  });

  it('are no more CPUs than it has, which Docker would refuse', () => {
    expect(fitToMachine(limits({ cpus: 64 }), machine)).toMatchObject({ cpus: 2, memoryMiB: 2048 });
  });

  it('are refused, with the remedy, where it has not the memory', () => {
    expect(() => fitToMachine(limits({ memoryMiB: 4097 }), machine)).toThrow(/4097 MiB .* has 4096 MiB: lower/);
  });
});
