interface Repeating {
  readonly everyMs: number;
  /** Is told whether it was stopped meanwhile. */
  readonly work: (stopped: () => boolean) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/**
 * Does something again and again, `everyMs` after it has ended.
 * @returns a function that stops it and waits for what is in progress
 */
export function repeat({ everyMs, work, failed }: Repeating): () => Promise<void> {
  let stopped = false;
  let wake: () => void = () => undefined;
  const loop = (async () => {
    while (!stopped) {
      await work(() => stopped).catch(failed);
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return async () => {
    stopped = true;
    wake();
    await loop;
  };
}
