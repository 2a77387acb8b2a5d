type Address =
  | { readonly socketPath: string }
  | { readonly protocol: 'http' | 'https'; readonly host: string; readonly port: string | number };

/**
 * @param host as in DOCKER_HOST
 * @throws a sentence for another kind of address
 */
export function addressOf(host: string): Address {
  const { protocol, hostname, port, pathname } = new URL(host);
  if (protocol === 'unix:') return { socketPath: pathname };
  if (protocol === 'tcp:' || protocol === 'http:') return { protocol: 'http', host: hostname, port: port || 2375 };
  // Certificates come from DOCKER_CERT_PATH.
  if (protocol === 'https:') return { protocol: 'https', host: hostname, port: port || 2376 };
  throw new Error(`${host} is no address of a Docker daemon: unix:///…, tcp://… or https://… is`);
}
