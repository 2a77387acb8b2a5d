import { connect, createServer, type Socket } from 'node:net';

/** Stands between a worker and its Docker daemon, and can let a call hang as a stuck daemon does. */
export interface DockerGate {
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** The next call whose first line matches gets no answer. @returns resolves when there is one */
  holdNext(call: RegExp): Promise<void>;
  close(): Promise<void>;
}

/** @param target the daemon's Unix socket @param path where the gate listens */
export async function openDockerGate(target: string, path: string): Promise<DockerGate> {
  const sockets = new Set<Socket>();
  let awaited: { call: RegExp; hold: () => void } | undefined;
  const server = createServer((client) => {
    const daemon = connect(target);
    let isHeld = false;
    for (const [from, to] of [
      [client, daemon],
      [daemon, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      // A request begins with a packet of its own: the client waits for an answer before it asks again.
      const [line = ''] = chunk.subarray(0, 500).toString('latin1').split('\r\n');
      if (awaited?.call.test(line)) {
        isHeld = true;
        awaited.hold();
        awaited = undefined;
      }
      if (!isHeld) daemon.write(chunk);
    });
    daemon.on('data', (chunk) => client.write(chunk));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return {
    host: `unix://${path}`,
    holdNext: async (call) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { call, hold: resolve };
      await promise;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
