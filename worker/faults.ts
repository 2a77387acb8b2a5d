/** The claim is no longer held: it was cancelled, queued anew, or taken over by another worker. */
export class LostClaim extends Error {
  constructor() {
    super('the claim was lost');
  }
}

/** The worker is asked to end. */
export class ShutDown extends Error {
  constructor() {
    super('the worker was shut down');
  }
}

/** For staff, beside the log: the message, without a stack. */
export function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000);
}
