import { lookup, Resolver } from 'node:dns/promises';

/** All addresses of a name. */
export type Resolve = (hostname: string, options: ResolveOptions) => Promise<string[]>;

interface ResolveOptions {
  /** The operator named it: then the machine's own files say too where it is, such as /etc/hosts. */
  readonly named: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks the DNS, and no search domains or files of this machine. Not by the system's own call: that would block one of four threads that all file
 * reading shares, for as long as a name server likes.
 */
export const resolve: Resolve = async (hostname, { named, signal }) => {
  if (named) return (await lookup(hostname, { all: true })).map(({ address }) => address);
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};
