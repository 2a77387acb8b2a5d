import { describe, expect, it } from 'vitest';
import { currentRun, endOf, stagesOf } from './stages.ts';

const submission = { attempt: 1, receivedAt: '2026-11-24T12:00:00.000Z' };
const claimed = {
  attempt: 1,
  stage: 'preparing' as const,
  receivedAt: '2026-11-24T12:00:00.000Z',
  claimedAt: '2026-11-24T12:00:04.000Z',
};
const started = { ...claimed, stage: 'running' as const, startedAt: '2026-11-24T12:00:04.500Z' };
const exited = { ...started, stage: 'ended' as const, exitedAt: '2026-11-24T12:00:34.500Z' };
const output = { bytes: 10, sha256: 'ab' };

const statesOf = (...args: Parameters<typeof stagesOf>) => stagesOf(...args).map(({ state }) => state);

describe('stagesOf', () => {
  it('waits, prepares, runs, scores, and is done', () => {
    const running = { ...submission, state: 'running' as const };
    expect(statesOf({ ...submission, state: 'queued' }, undefined)).toEqual([
      'now',
      'ahead',
      'ahead',
      'ahead',
      'ahead',
    ]);
    expect(statesOf(running, undefined)).toEqual(['passed', 'now', 'ahead', 'ahead', 'ahead']);
    expect(statesOf(running, started)).toEqual(['passed', 'passed', 'now', 'ahead', 'ahead']);
    expect(statesOf(running, { ...exited, output })).toEqual(['passed', 'passed', 'passed', 'now', 'ahead']);
    expect(statesOf({ ...submission, state: 'scored' }, { ...exited, output })).toEqual([
      'passed',
      'passed',
      'passed',
      'passed',
      'passed',
    ]);
  });

  it('stops where it ended: in the program, or at its output', () => {
    const rejected = { ...submission, state: 'rejected' as const };
    expect(statesOf(rejected, exited).indexOf('stopped')).toBe(2);
    expect(statesOf(rejected, { ...exited, output }).indexOf('stopped')).toBe(3);
    expect(statesOf({ ...submission, state: 'failed' }, claimed).indexOf('stopped')).toBe(1);
    expect(statesOf({ ...submission, state: 'cancelled' }, undefined).indexOf('stopped')).toBe(0);
  });

  it('tells how long each stage took', () => {
    const stages = stagesOf(
      { ...submission, state: 'scored' },
      { ...exited, output, scoredAt: '2026-11-24T12:00:34.600Z' },
    );
    expect(stages.map(({ seconds }) => seconds)).toEqual([4, 0.5, 30, 0.1, undefined]);
  });
});

describe('currentRun', () => {
  it('is not an earlier attempt’s, while a new one waits or begins', () => {
    expect(currentRun({ state: 'queued', attempt: 1 }, [started])).toBeUndefined();
    expect(currentRun({ state: 'running', attempt: 2 }, [started])).toBeUndefined();
    expect(currentRun({ state: 'running', attempt: 1 }, [started])).toBe(started);
  });
});

describe('endOf', () => {
  it('does not take a run that the grader broke for one that ended well', () => {
    expect(endOf({ stage: 'ended', ending: 'broken' })).toBe('the grader failed');
    expect(endOf({ stage: 'ended', ending: 'exited' })).toBe('ended well');
    expect(endOf({ stage: 'running' })).toBe('was broken off');
    expect(endOf({ stage: 'ended', ending: 'timed_out', sentence: 'Time limit of 8 s.' })).toBe('Time limit of 8 s.');
  });
});
