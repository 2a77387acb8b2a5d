/** Rejects after `timeoutMs` if `work` has not settled by then: BullMQ and ioredis wait for ever for a Redis that was never up. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    // What is late must not count as unhandled.
    work.catch(() => undefined);
  }
}
