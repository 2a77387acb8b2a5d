import { describe, expect, it } from 'vitest';
import { RunLimits } from '../../core/contract/runs.ts';
import type { Ending, OutputFile } from '../executor/executor.ts';
import { sentenceFor, type Ended } from './sentence.ts';

const limits = RunLimits.parse({});
const written: OutputFile = { kind: 'file', file: '/x', bytes: 10, sha256: 'x' };

function say(
  ending: Ending,
  log = '',
  more: Partial<Pick<Ended, 'isNotebook' | 'mayTell'>> & { file?: OutputFile; others?: string[]; child?: true } = {},
) {
  const ended: Ended = {
    outcome: { ending, others: more.others ?? [], childOutOfMemory: more.child ?? false },
    isNotebook: more.isNotebook ?? false,
    limits,
    wanted: { name: 'predictions.csv', file: more.file ?? written, maxBytes: 1_000_000 },
    log,
    mayTell: more.mayTell ?? true,
  };
  return sentenceFor(ended);
}
const exit = (code: number): Ending => ({ kind: 'exited', code });
const traceback = (line: string, error: string) =>
  `Traceback (most recent call last):\n  File "/topk/job/main.py", line 12, in <module>\n    ${line}\n  File "/usr/lib/python3/dist-packages/x.py", line 3, in f\n${error}\n`;

describe('the sentence that says what happened', () => {
  it('is none where the program ended well and wrote what it should', () => {
    expect(say(exit(0))).toBeUndefined();
  });

  it.each<[string, Ending, string, string]>([
    [
      'memory',
      { kind: 'out-of-memory' },
      'Epoch 1\nEpoch 2: loss 3\nepoch 3/10 loss=0.1\n',
      'Out of memory at 2.0 GiB after epoch 3.',
    ],
    ['memory at once', { kind: 'out-of-memory' }, '', 'Out of memory at 2.0 GiB.'],
    ['time', { kind: 'timed-out' }, 'Epoch [7/90]\n', 'Time limit of 600 s after epoch 7.'],
    [
      'an import without end',
      { kind: 'timed-out' },
      '',
      'Time limit of 600 s; nothing was printed until then, so it may not have got beyond its imports.',
    ],
    [
      'waiting for a network',
      { kind: 'timed-out' },
      'Collecting foo\nWARNING: Retrying … NewConnectionError … pip/_vendor\n',
      'Time limit of 600 s; there is no network in the sandbox, and pip install waited for it.',
    ],
    ['bytes', { kind: 'output-too-large', what: 'bytes' }, '', 'Output over 200 MiB.'],
    ['files', { kind: 'output-too-large', what: 'files' }, '', 'Output of more than 1,000 files.'],
    ['cancelled', { kind: 'cancelled' }, '', 'Cancelled while it ran.'],
    [
      'a file that is no Python',
      exit(1),
      'loading\n  File "/topk/job/main.py", line 2\n    def f(:\n          ^\nSyntaxError: invalid syntax\n',
      'Exit code 1: SyntaxError: invalid syntax (main.py, line 2).',
    ],
    [
      'the file that is no Python among those it imports',
      exit(1),
      'Traceback (most recent call last):\n  File "/topk/job/main.py", line 1, in <module>\n    import lib\n' +
        '  File "/topk/job/lib.py", line 3\n    x = 1\nIndentationError: unexpected indent\n',
      'Exit code 1: IndentationError: unexpected indent (lib.py, line 3).',
    ],
    [
      'an exception',
      exit(1),
      traceback('x = 1 / 0', 'ZeroDivisionError: division by zero'),
      'Exit code 1: ZeroDivisionError: division by zero (main.py, line 12).',
    ],
    ['words', exit(3), 'one\n\ntwo\nthree\nfour\n', 'Exit code 3: last lines two / three / four'],
    ['silence', exit(255), '', 'Exit code 255; nothing was printed.'],
    [
      'its own kill',
      exit(137),
      'Epoch 2\n',
      'Killed by SIGKILL (exit code 137), by the program’s own doing: neither the memory nor the time limit was reached.',
    ],
    ['a fault', exit(139), '', 'Segmentation fault (SIGSEGV, exit code 139).'],
    [
      'the runner',
      exit(2),
      'topk: there is no main.py in /topk/job; it holds nothing\n',
      'There is no main.py in /topk/job; it holds nothing.',
    ],
    [
      'the disk',
      exit(1),
      traceback('f.write(x)', 'OSError: [Errno 28] No space left on device'),
      'No space left: /tmp holds 512 MiB and the output 200 MiB.',
    ],
    [
      'threads',
      exit(1),
      traceback('t.start()', "RuntimeError: can't start new thread"),
      'Too many processes and threads: at most 128.',
    ],
    [
      'the GPU',
      exit(1),
      traceback('y = net(x)', 'torch.OutOfMemoryError: CUDA out of memory. Tried'),
      'Out of GPU memory.',
    ],
    [
      'a refusal',
      exit(1),
      traceback('np.zeros(1)', 'MemoryError'),
      'Out of memory at 2.0 GiB: an allocation was refused.',
    ],
  ])('says %s', (_what, ending, log, sentence) => {
    expect(say(ending, log)).toBe(sentence);
  });

  const unresolved = '[Errno -3] Temporary failure in name resolution';
  it.each([
    [
      'r = requests.get(url)',
      `requests.exceptions.ConnectionError: Max retries exceeded (${unresolved})`,
      'requests.get',
    ],
    [
      'urllib.request.urlopen("http://x")',
      `urllib.error.URLError: <urlopen error ${unresolved}>`,
      'urllib.request.urlopen',
    ],
    [
      'm = torch.hub.load("pytorch/vision", "resnet18")',
      `urllib.error.URLError: <urlopen error ${unresolved}>`,
      'torch.hub.load',
    ],
    ['ds = load_dataset("mnist")', "ConnectionError: Couldn't reach 'mnist' on the Hub", 'datasets.load_dataset'],
    [
      'MNIST(".", download=True)',
      'RuntimeError: <urlopen error [Errno 101] Network is unreachable>',
      'downloading a torchvision dataset',
    ],
    ['subprocess.run("pip install einops")', 'ERROR: No matching distribution found for einops', 'pip install'],
    ['s.connect(("10.0.0.1", 80))', 'OSError: [Errno 101] Network is unreachable', 'a connection'],
  ])('names the call that wanted a network: %s', (line, error, call) => {
    expect(say(exit(1), traceback(line, error))).toBe(`No network in the sandbox: ${call} failed.`);
  });

  it('says out of memory where a child was killed for it, and the program failed', () => {
    expect(say(exit(1), 'Epoch 4\nRuntimeError: DataLoader worker exited unexpectedly', { child: true })).toBe(
      'Out of memory at 2.0 GiB after epoch 4.',
    );
    expect(say(exit(137), 'the kernel was killed by SIGKILL', { child: true, isNotebook: true })).toBe(
      'Out of memory at 2.0 GiB.',
    );
    expect(say(exit(0), '', { child: true })).toBeUndefined();
    expect(say(exit(0), 'epoch 2\n', { child: true, file: { kind: 'missing' } })).toBe(
      'Out of memory at 2.0 GiB after epoch 2: a process of the program was killed. Wrote no predictions.csv.',
    );
  });

  it('blames what ended the program, not what it caught before', () => {
    const caught = traceback('urlopen("http://x")', `urllib.error.URLError: <urlopen error ${unresolved}>`);
    const full = traceback('f.write(x)', 'OSError: [Errno 28] No space left on device');
    expect(say(exit(1), `${caught}no weights, so from scratch\n${traceback('fit(x)', 'ValueError: bad shape')}`)).toBe(
      'Exit code 1: ValueError: bad shape (main.py, line 12).',
    );
    expect(say(exit(1), `${full}not kept\n${traceback('fit(x)', 'ValueError: bad shape')}`)).toBe(
      'Exit code 1: ValueError: bad shape (main.py, line 12).',
    );
    expect(say({ kind: 'timed-out' }, `${caught}no weights, so from scratch\nepoch 1\nepoch 2\nepoch 3\n`)).toBe(
      'Time limit of 600 s after epoch 3.',
    );
    expect(say(exit(139), `${caught}no weights, so from scratch\n`)).toBe(
      'Segmentation fault (SIGSEGV, exit code 139).',
    );
    const chained = `${caught}\nThe above exception was the direct cause of the following exception:\n\n`;
    expect(say(exit(1), `${chained}${traceback('load()', 'RuntimeError: no weights')}`)).toBe(
      'No network in the sandbox: urlopen failed.',
    );
  });

  it.each([
    [1, 'cell 3 failed: NameError: name x is not defined', 'Cell 3 failed: NameError: name x is not defined.'],
    [3, 'cell 2 failed: the kernel died', 'Cell 2 failed: the kernel died.'],
    [4, 'cell 5 failed: over the limit of 30 s per cell', 'Cell 5 failed: over the limit of 30 s per cell.'],
    [139, 'cell 5 failed: the kernel was killed by SIGSEGV', 'Cell 5 failed: the kernel was killed by SIGSEGV.'],
    [
      1,
      'cell 1 failed: NotInSandbox: wget x: there is no network in the sandbox: the data is in $TOPK_DATA',
      'Cell 1 failed: wget x: there is no network in the sandbox: the data is in $TOPK_DATA.',
    ],
    [
      1,
      'r = requests.get(u)\ncell 1 failed: ConnectionError: Max retries exceeded',
      'No network in the sandbox: requests.get failed.',
    ],
  ])('takes the last line of a notebook’s runner for it: %i, %s', (code, log, sentence) => {
    expect(say(exit(code), log, { isNotebook: true })).toBe(sentence);
  });

  it('takes no exit code for a signal that is none, and has a sentence for each signal', () => {
    const all = Array.from({ length: 128 }, (_, i) => say(exit(128 + i)));
    expect(all.filter((text) => text?.startsWith('Exit code')).length).toBe(128 - 18);
    expect(new Set(all).size).toBe(128);
  });

  it('says what is wrong with the output', () => {
    expect(say(exit(0), '', { file: { kind: 'missing' }, others: ['pred.csv'] })).toBe(
      'Wrote no predictions.csv; found pred.csv.',
    );
    expect(say(exit(0), '', { file: { kind: 'missing' } })).toBe('Wrote no predictions.csv.');
    expect(say(exit(0), '', { file: { kind: 'refused', what: 'a symbolic link' } })).toBe(
      'predictions.csv is a symbolic link; it must be an ordinary file.',
    );
    expect(say(exit(0), '', { file: { kind: 'too-large', bytes: 2_000_000 } })).toBe(
      'predictions.csv has 2,000,000 bytes; at most 1,000,000 are taken.',
    );
    expect(say(exit(0), '', { file: { ...written, bytes: 0 } })).toBe('predictions.csv is empty.');
  });

  it('tells nothing of a log that students may not see, nor of names that could carry it', () => {
    const secret = traceback('raise ValueError(x)', 'ValueError: secret features');
    const hidden = { mayTell: false, file: { kind: 'missing' } as const, others: ['secret-features.csv'] };
    for (const ending of [
      exit(1),
      exit(0),
      exit(139),
      { kind: 'timed-out' } as const,
      { kind: 'out-of-memory' } as const,
    ])
      expect(say(ending, `epoch 4711 ${secret}`, hidden)).not.toMatch(/secret|4711/);
    expect(say({ kind: 'timed-out' }, '', hidden)).toBe('Time limit of 600 s.');
    expect(say(exit(0), '', { mayTell: false, file: { kind: 'too-large', bytes: 4_711_000 } })).toBe(
      'predictions.csv has more than the 1,000,000 bytes that are taken.',
    );
  });
});
