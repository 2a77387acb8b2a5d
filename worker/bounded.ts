interface Bounds {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How long work that was told to stop may take to clean up. */
  readonly lingerMs: number;
}

/**
 * Runs `work` until it settles, `signal` aborts or the time is up, whichever is first. What does not listen to its signal is left behind:
 * a disk that hangs must not hold a claim for ever.
 */
export async function bounded<T>(
  { timeoutMs, signal, lingerMs }: Bounds,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const abort = () => over.abort(signal.reason);
  const timer = setTimeout(() => over.abort(new Error(`grading took longer than ${timeoutMs} ms`)), timeoutMs);
  const late = Promise.withResolvers<never>();
  let lingering: NodeJS.Timeout | undefined;
  over.signal.addEventListener(
    'abort',
    () => {
      lingering = setTimeout(() => late.reject(over.signal.reason), lingerMs);
    },
    { once: true },
  );
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const working = work(over.signal);
  try {
    return await Promise.race([working, late.promise]);
  } catch (error) {
    // Why it was stopped says more than how it took that.
    throw over.signal.aborted ? over.signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearTimeout(lingering);
    signal.removeEventListener('abort', abort);
    // What ends later must not count as unhandled.
    working.catch(() => undefined);
    late.promise.catch(() => undefined);
  }
}
