import type { RunLimits } from '../../core/contract/runs.ts';
import { quote } from '../../core/scoring/report.ts';
import type { Outcome, OutputFile } from '../executor/executor.ts';
import { afterEpoch, exceptionIn, lastCause, lastLines, networkCall, shortageIn, type Shortage } from './hints.ts';

/** What there is to say a sentence about. */
export interface Ended {
  readonly outcome: Pick<Outcome, 'ending' | 'others' | 'childOutOfMemory'>;
  /** The runner of notebooks ends with a line that says what happened. */
  readonly isNotebook: boolean;
  readonly limits: RunLimits;
  /** The file that was to be written, and what is there. */
  readonly wanted: { readonly name: string; readonly file: OutputFile | undefined; readonly maxBytes: number };
  /** The log as text. Empty where students may not see it: then no sentence tells of it, nor of the names of files. */
  readonly log: string;
  readonly mayTell: boolean;
}

/** What went wrong, in one sentence for its author; undefined where the program ended well and its output is there. */
export function sentenceFor(ended: Ended): string | undefined {
  const { outcome, limits } = ended;
  const log = ended.mayTell ? ended.log : '';
  switch (outcome.ending.kind) {
    case 'timed-out':
      return timeLimit(limits, log, ended.mayTell);
    case 'out-of-memory':
      return `Out of memory at ${gib(limits.memoryMiB)}${afterEpoch(log)}.`;
    case 'output-too-large':
      return outcome.ending.what === 'bytes'
        ? `Output over ${mib(limits.outputMiB)}.`
        : `Output of more than ${limits.outputFiles.toLocaleString('en-US')} files.`;
    case 'cancelled':
      return 'Cancelled while it ran.';
    case 'exited':
      return outcome.ending.code === 0 ? missingOutput(ended, log) : exitProblem(ended, outcome.ending.code, log);
  }
}

/** For an output that is fine although a part of the program was killed. */
export function childOutOfMemoryNotice(limits: RunLimits): string {
  return `A process of the program was killed for lack of memory (limit ${gib(limits.memoryMiB)}); the program itself went on and wrote its output.`;
}

function timeLimit({ wallSeconds }: RunLimits, log: string, mayTell: boolean): string {
  const limit = `Time limit of ${wallSeconds.toLocaleString('en-US')} s`;
  // Only what it said last can be what it waited for: a download that failed long before was caught.
  const call = networkCall(lastLines(log, 3).join('\n')) && networkCall(log);
  if (call !== undefined) return `${limit}; there is no network in the sandbox, and ${call} waited for it.`;
  if (mayTell && log.trim() === '')
    return `${limit}; nothing was printed until then, so it may not have got beyond its imports.`;
  return `${limit}${afterEpoch(log)}.`;
}

function exitProblem({ limits, outcome, isNotebook }: Ended, code: number, log: string): string {
  // A DataLoader's worker or a notebook's kernel was killed, and the program ended for it.
  if (outcome.childOutOfMemory) return `Out of memory at ${gib(limits.memoryMiB)}${afterEpoch(log)}.`;
  const own = ownWords(lastLines(log, 1)[0] ?? '', isNotebook);
  if (own !== undefined) return sentence(shorten(own.charAt(0).toUpperCase() + own.slice(1)));
  const signal = signals.get(code - 128);
  // A signal is no answer to a network that is not there, but may well be one to memory that is not.
  const call = signal === undefined ? networkCall(lastCause(log)) : undefined;
  if (call !== undefined) return `No network in the sandbox: ${call} failed.`;
  const shortage = shortageIn(lastCause(log));
  if (shortage !== undefined) return `${shortageSentence(shortage, limits)}${afterEpoch(log)}.`;
  // The notebook runner's last words; its exit code repeats the signal that its kernel was killed by.
  const cell = /^cell (\d+ failed: .+)$/.exec(lastLines(log, 1)[0] ?? '')?.[1];
  if (cell !== undefined) return sentence(shorten(`Cell ${cell}`));
  if (signal !== undefined) return `${signal}.`;
  return `Exit code ${code}${lastWords(log)}`;
}

/** Of the images' runner: what it says is better than what can be guessed from the rest. */
function ownWords(lastLine: string, isNotebook: boolean): string | undefined {
  const words = /^topk: (.+)$/.exec(lastLine)?.[1];
  if (words !== undefined || !isNotebook) return words;
  if (/in the sandbox/.test(lastLine)) return lastLine.replace(/NotInSandbox: /, '');
  // Where a cell failed for a reason that has a sentence of its own, that is said.
  return (networkCall(lastLine) ?? shortageIn(lastLine)) ? undefined : lastLine || undefined;
}

function lastWords(log: string): string {
  const exception = exceptionIn(log);
  if (exception) {
    const place = exception.place === undefined ? '' : ` (${exception.place})`;
    return `: ${sentence(`${shorten(exception.text)}${place}`)}`;
  }
  const lines = lastLines(log, 3).map((line) => shorten(line.trim()));
  return lines.length === 0 ? '; nothing was printed.' : `: last lines ${lines.join(' / ')}`;
}

/** A part of the program that was killed is the likelier cause than what is then missing. */
function missingOutput(ended: Ended, log: string): string | undefined {
  const problem = outputProblem(ended);
  if (problem === undefined || !ended.outcome.childOutOfMemory) return problem;
  return `Out of memory at ${gib(ended.limits.memoryMiB)}${afterEpoch(log)}: a process of the program was killed. ${problem}`;
}

function outputProblem({ wanted, outcome, mayTell }: Ended): string | undefined {
  const { name, file, maxBytes } = wanted;
  switch (file?.kind) {
    case 'file':
      return file.bytes === 0 ? `${name} is empty.` : undefined;
    case 'refused':
      return `${name} is ${file.what}; it must be an ordinary file.`;
    case 'too-large':
      // The number is the program's choice, and so could say what it read.
      return mayTell
        ? `${name} has ${file.bytes.toLocaleString('en-US')} bytes; at most ${maxBytes.toLocaleString('en-US')} are taken.`
        : `${name} has more than the ${maxBytes.toLocaleString('en-US')} bytes that are taken.`;
    case 'missing':
    case undefined:
      return mayTell && outcome.others.length > 0
        ? `Wrote no ${name}; found ${listed(outcome.others)}.`
        : `Wrote no ${name}.`;
  }
}

function listed(names: readonly string[]): string {
  // A name may hold anything, line ends and what terminals obey among it.
  const shown = names
    .slice(0, 5)
    .map((name) => quote(name).slice(1, -1))
    .join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function shortageSentence(what: Shortage, limits: RunLimits): string {
  switch (what) {
    case 'disk':
      return `No space left: /tmp holds ${mib(limits.tmpMiB)} and the output ${mib(limits.outputMiB)}`;
    case 'shared-memory':
      return `Shared memory is full at ${mib(limits.shmMiB)}; fewer DataLoader workers need less`;
    case 'processes':
      return `Too many processes and threads: at most ${limits.processes}`;
    case 'gpu-memory':
      return 'Out of GPU memory';
    case 'memory':
      return `Out of memory at ${gib(limits.memoryMiB)}: an allocation was refused`;
  }
}

/** By number. That of SIGKILL is said only where neither limit was reached: those endings come first. */
const signals: ReadonlyMap<number, string> = new Map([
  [1, 'Ended by SIGHUP (exit code 129)'],
  [2, 'Interrupted by SIGINT (exit code 130)'],
  [3, 'Ended by SIGQUIT (exit code 131)'],
  [4, 'Illegal instruction (SIGILL, exit code 132)'],
  [5, 'Trace trap (SIGTRAP, exit code 133)'],
  [6, 'Aborted (SIGABRT, exit code 134)'],
  [7, 'Bus error (SIGBUS, exit code 135); full shared memory is a common cause'],
  [8, 'Arithmetic error (SIGFPE, exit code 136)'],
  [
    9,
    'Killed by SIGKILL (exit code 137), by the program’s own doing: neither the memory nor the time limit was reached',
  ],
  [10, 'Ended by SIGUSR1 (exit code 138)'],
  [11, 'Segmentation fault (SIGSEGV, exit code 139)'],
  [12, 'Ended by SIGUSR2 (exit code 140)'],
  [13, 'Wrote into a closed pipe (SIGPIPE, exit code 141)'],
  [14, 'Ended by its own alarm (SIGALRM, exit code 142)'],
  [15, 'Ended by SIGTERM (exit code 143), by the program’s own doing'],
  [24, 'CPU time limit of its own (SIGXCPU, exit code 152)'],
  [25, 'File size limit (SIGXFSZ, exit code 153)'],
  [31, 'A forbidden system call (SIGSYS, exit code 159)'],
]);

function gib(memoryMiB: number): string {
  return memoryMiB < 1024 ? mib(memoryMiB) : `${(memoryMiB / 1024).toFixed(1)} GiB`;
}

function mib(amount: number): string {
  return `${amount.toLocaleString('en-US')} MiB`;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
