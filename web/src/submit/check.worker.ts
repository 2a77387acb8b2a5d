import { checkBlob } from '../../../core/scoring/check-blob.ts';
import type { AnswerKey } from '../../../core/scoring/key-memory.ts';
import { compileKernel, type Kernel, type KernelModule, startKernel } from '../../../core/scoring/kernel/kernel.ts';
import kernelUrl from '../../../core/scoring/kernel/kernel.wasm?url';
import { decodeShape } from '../../../core/scoring/shape.ts';
import type { CheckAnswer, CheckOutcome, CheckRequest } from './check-messages.ts';

/** Checks files with the code that scores them, off the page's thread. This file is the worker's main: it runs on load. */

interface Shape {
  readonly url: string;
  /** The server's name for this version; without one it is read anew each time. */
  readonly etag: string | null;
  readonly key: AnswerKey;
  readonly kernel: Kernel;
}

let kernelModule: Promise<KernelModule> | undefined;
let shape: Promise<Shape> | undefined;
let running: { readonly control: AbortController; readonly done: Promise<void> } | undefined;

self.addEventListener('message', (event: MessageEvent<CheckRequest>) => {
  const request = event.data;
  if (request.kind === 'prepare') {
    // A failure here shows again, and is told, when a file is checked.
    loadShape(request.shapeUrl).catch(() => undefined);
    return;
  }
  running?.control.abort();
  const control = new AbortController();
  running = { control, done: answer(request, running?.done, control.signal) };
});

/** Runs on one shape must not overlap, so each waits for the one that it ended. */
async function answer(
  request: CheckRequest & { kind: 'check' },
  before: Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  await before;
  if (signal.aborted) return;
  const outcome = await check(request, signal);
  if (signal.aborted) return;
  self.postMessage({ run: request.run, outcome } satisfies CheckAnswer);
}

async function check(request: CheckRequest & { kind: 'check' }, signal: AbortSignal): Promise<CheckOutcome> {
  try {
    const { key, kernel } = await loadShape(request.shapeUrl);
    const verdict = await checkBlob(key, kernel, request.file, { maxBytes: request.maxBytes, signal });
    if (verdict.kind !== 'rejected') return verdict;
    return { kind: 'rejected', errors: verdict.report.errors.map(problemItem), moreErrors: verdict.report.moreErrors };
  } catch {
    return { kind: 'unchecked', reason: 'This browser could not check the file; it is checked after the upload.' };
  }
}

/** The place in an array stands in its message too, so the row is not needed here. */
function problemItem({
  code,
  line,
  column,
  message,
}: {
  code: string;
  line?: number;
  column?: string;
  message: string;
}) {
  return { code, message, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
}

async function loadShape(url: string): Promise<Shape> {
  const before = shape;
  shape = readShape(url, await before?.catch(() => undefined));
  return await shape;
}

async function readShape(url: string, known: Shape | undefined): Promise<Shape> {
  const response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`the shape answers ${response.status}`);
  const etag = response.headers.get('etag');
  if (known !== undefined && known.url === url && etag !== null && known.etag === etag) return known;
  kernelModule ??= loadKernel();
  const module = await kernelModule;
  const key = decodeShape(module, new Uint8Array(await response.arrayBuffer()));
  return { url, etag, key, kernel: startKernel(module, key.memory) };
}

async function loadKernel(): Promise<KernelModule> {
  const response = await fetch(kernelUrl);
  if (!response.ok) throw new Error(`the kernel answers ${response.status}`);
  return await compileKernel(new Uint8Array(await response.arrayBuffer()), false);
}
