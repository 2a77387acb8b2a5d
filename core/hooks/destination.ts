import { isIP } from 'node:net';
import { isPublicAddress } from './public-addresses.ts';

/** `host` or `host:port`, as an operator names them: hooks may be sent there though they are private, and without TLS. */
export type PrivateHosts = ReadonlySet<string>;

/**
 * The operator's list, with commas between.
 * @throws with the entry that is no host
 */
export function parsePrivateHosts(text: string): PrivateHosts {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return new Set(
    entries.map((entry) => {
      const url = URL.parse(`http://${entry}/`);
      if (url === null || url.pathname !== '/' || url.search !== '' || url.username !== '' || url.hash !== '')
        throw new Error(`${JSON.stringify(entry)} is no host, with or without :port`);
      return url.port === '' && !entry.endsWith(':80') ? url.hostname : `${url.hostname}:${url.port || '80'}`;
    }),
  );
}

/** Whether the operator named where a URL leads to. */
export function isNamed({ hostname, port, protocol }: URL, hosts: PrivateHosts): boolean {
  return hosts.has(hostname) || hosts.has(`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`);
}

/**
 * Why nothing is sent to a URL, in a sentence; undefined: nothing that can be told from the URL alone. The parser of URLs has made one of all ways to
 * write an address by then, such as 0x7f.1, 017700000001 and 2130706433.
 */
export function refusalOfUrl(text: string, hosts: PrivateHosts): string | undefined {
  const url = URL.parse(text);
  if (url === null) return 'This is no address. Give a whole one, such as https://example.edu/hook.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https addresses are sent to.';
  if (url.username !== '' || url.password !== '')
    return 'The address holds a user or a password. Put what is secret into its path.';
  if (isNamed(url, hosts)) return undefined;
  if (url.protocol !== 'https:') return 'Only https addresses are sent to: what is sent must not be read on its way.';
  const literal = literalOf(url);
  const isPrivate =
    literal === undefined ? /(?:^|\.)(?:localhost|internal|local)\.?$/.test(url.hostname) : !isPublicAddress(literal);
  if (isPrivate) return refusedAddress(url.hostname);
  return undefined;
}

/** The IP address that stands in a URL in place of a name. */
export function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

/** For whoever made the hook; without the address that a name was resolved to, which would tell of the networks here. */
export function refusedAddress(hostname: string): string {
  return `${hostname} is an address of a private or special network, to which nothing is sent. Whoever runs this server can allow it by name (HOOK_PRIVATE_HOSTS).`;
}
