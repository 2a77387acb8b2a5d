import { describe, expect, it } from 'vitest';
import { type Flow, nextFlow, type Step } from './flow.ts';

const first = { file: new File(['a'], 'a.csv'), idempotencyKey: 'key-a' };
const second = { file: new File(['b'], 'b.csv'), idempotencyKey: 'key-b' };
const valid = { kind: 'valid', rows: 1, notices: [] } as const;
const rejected = { kind: 'rejected', errors: [{ message: 'no' }], moreErrors: 0 } as const;

function walk(...steps: Step[]): Flow {
  return steps.reduce(nextFlow, { kind: 'choose' });
}

describe('nextFlow', () => {
  it('never sends a file that was rejected', () => {
    const flow = walk(
      { kind: 'chosen', chosen: first },
      { kind: 'outcome', chosen: first, outcome: rejected },
      { kind: 'send' },
    );
    expect(flow.kind).toBe('checked');
  });

  it('drops the outcome of a file that was replaced meanwhile', () => {
    const flow = walk(
      { kind: 'chosen', chosen: first },
      { kind: 'chosen', chosen: second },
      { kind: 'outcome', chosen: first, outcome: valid },
    );
    expect(flow).toEqual({ kind: 'checking', chosen: second });
  });

  it('keeps the file and its key after a failure, so that the next try is the same submission', () => {
    const failure = new Error('connection lost');
    const sent = [
      { kind: 'chosen', chosen: first },
      { kind: 'outcome', chosen: first, outcome: valid },
      { kind: 'send' },
    ] as const;
    const flow = walk(...sent, { kind: 'not-sent', error: failure });
    expect(flow).toEqual({ kind: 'checked', chosen: first, outcome: valid, claim: undefined, failure });
    expect(nextFlow(flow, { kind: 'send' })).toMatchObject({ kind: 'sending', chosen: { idempotencyKey: 'key-a' } });
  });

  it('goes on sending the same file when the connection is lost, and says so until bytes are sent again', () => {
    const sending = walk(
      { kind: 'chosen', chosen: first },
      { kind: 'outcome', chosen: first, outcome: valid },
      { kind: 'send' },
      { kind: 'progress', share: 0.4 },
    );
    const lost = nextFlow(sending, { kind: 'lost' });
    expect(lost).toMatchObject({ kind: 'sending', chosen: first, share: 0, lost: true });
    expect(nextFlow(lost, { kind: 'progress', share: 0.1 })).toMatchObject({ share: 0.1, lost: false });
  });

  it('takes no other file while one is being sent', () => {
    const flow = walk(
      { kind: 'chosen', chosen: first },
      { kind: 'outcome', chosen: first, outcome: valid },
      { kind: 'send' },
      { kind: 'chosen', chosen: second },
    );
    expect(flow).toMatchObject({ kind: 'sending', chosen: first });
  });

  it('sends predictions beside code, once they are checked, under another key', () => {
    const code = { kind: 'code', sent: 'script', notices: [] } as const;
    const { file } = second;
    const claimed = walk(
      { kind: 'chosen', chosen: first },
      { kind: 'outcome', chosen: first, outcome: code },
      { kind: 'claimed', file, idempotencyKey: 'key-c' },
    );
    expect(nextFlow(claimed, { kind: 'send' })).toBe(claimed);
    const wrong = nextFlow(claimed, { kind: 'claim-outcome', file, outcome: rejected });
    expect(nextFlow(wrong, { kind: 'send' })).toBe(wrong);
    const right = nextFlow(claimed, { kind: 'claim-outcome', file, outcome: valid });
    expect(nextFlow(right, { kind: 'send' })).toMatchObject({
      kind: 'sending',
      claim: { file },
      chosen: { idempotencyKey: 'key-c' },
    });
    const without = nextFlow(wrong, { kind: 'claimed', file: undefined, idempotencyKey: 'key-d' });
    expect(nextFlow(without, { kind: 'send' })).toMatchObject({ kind: 'sending', claim: undefined });
  });

  it('takes no second file beside predictions', () => {
    const flow = walk({ kind: 'chosen', chosen: first }, { kind: 'outcome', chosen: first, outcome: valid });
    expect(nextFlow(flow, { kind: 'claimed', file: second.file, idempotencyKey: 'key-c' })).toBe(flow);
  });
});
