import { connect, createServer, type Socket } from 'node:net';

/** A network between a client and a server on this machine that a test can break. */
export interface Proxy {
  readonly port: number;
  /** From now on takes what is sent and passes nothing on, in either direction: a network that drops packets. */
  swallow(): void;
  /** Ends every connection and passes new ones on again. */
  restore(): void;
  close(): Promise<void>;
}

export async function startProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const pipe = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (!swallowing) to.write(chunk);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    pipe(client, target);
    pipe(target, client);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    swallow: () => {
      swallowing = true;
    },
    restore: () => {
      swallowing = false;
      cut();
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        cut();
      });
    },
  };
}
