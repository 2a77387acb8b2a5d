import { createServer } from 'node:net';

/** A port that nobody listens on now. Somebody may take it before you do, so be ready to ask for another. */
export async function freePort(): Promise<number> {
  const port = await listen(0, '127.0.0.1');
  if (port === undefined) throw new Error('this machine gives no free port on 127.0.0.1');
  return port;
}

/** The first port from `from` upwards that can be listened on at `host`; looks at 100 of them. */
export async function firstFreePort(from: number, host: string): Promise<number> {
  for (let port = from; port < from + 100 && port < 65_536; port += 1) {
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`no free port from ${from} to ${from + 99} on ${host}`);
}

export async function isPortFree(port: number, host: string): Promise<boolean> {
  return (await listen(port, host)) !== undefined;
}

/** Listens for a moment; the port, or undefined when it is taken. */
function listen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      const taken = address !== null && typeof address === 'object' ? address.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}
