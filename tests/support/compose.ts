import { z } from 'zod';
import { openDockerApi } from '../../dev/docker-api.ts';

export interface Compose {
  /** Runs `docker compose …` on the project. @returns what it printed; @throws it where it failed */
  run(...args: readonly string[]): Promise<string>;
  /** The project's containers: service → what the daemon says of it. */
  containers(): Promise<Map<string, Container>>;
}

const Container = z.object({
  Id: z.string(),
  State: z.string(),
  Labels: z.record(z.string(), z.string()),
  Mounts: z.array(z.object({ Source: z.string().optional(), Destination: z.string() })),
});
type Container = z.infer<typeof Container>;

interface ComposeOptions {
  /** A daemon's Unix socket, as in DOCKER_HOST. */
  readonly host: string;
  readonly project: string;
  /** The folder of docker-compose.yml. */
  readonly folder: string;
  /** The file with the project's variables. */
  readonly envFile: string;
}

/** Compose v2 in a container of its own (the image topk-compose), so that the machine need not have it. */
export function openCompose({ host, project, folder, envFile }: ComposeOptions): Compose {
  const docker = openDockerApi(host);
  const socket = host.slice('unix://'.length);
  return {
    run: async (...args) => {
      const { Id: id } = z.object({ Id: z.string() }).parse(
        await docker.call('POST', '/containers/create', {
          Image: 'topk-compose',
          Cmd: ['--project-name', project, '--env-file', envFile, '--ansi', 'never', ...args],
          WorkingDir: folder,
          Tty: true,
          // The classic builder: the other one is a program that not every machine has.
          Env: ['DOCKER_HOST=unix:///docker.sock', 'DOCKER_BUILDKIT=0'],
          HostConfig: {
            NetworkMode: 'host',
            Binds: [`${socket}:/docker.sock`, `${folder}:${folder}:ro`, `${envFile}:${envFile}:ro`],
          },
        }),
      );
      try {
        await docker.call('POST', `/containers/${id}/start`);
        const ended = await docker.call('POST', `/containers/${id}/wait`, undefined, 1_500_000);
        const { StatusCode: code } = z.object({ StatusCode: z.number() }).parse(ended);
        const output = await textOf(await docker.stream(`/containers/${id}/logs?stdout=1&stderr=1`));
        if (code !== 0) throw new Error(`docker compose ${args.join(' ')} ended with ${code}:\n${output.slice(-3000)}`);
        return output;
      } finally {
        await docker.call('DELETE', `/containers/${id}?force=true&v=true`);
      }
    },
    containers: async () => {
      const filters = JSON.stringify({ label: [`com.docker.compose.project=${project}`] });
      const found = await docker.find(`/containers/json?all=1&filters=${encodeURIComponent(filters)}`);
      return new Map(
        z
          .array(Container)
          .parse(found)
          .map((container) => [container.Labels['com.docker.compose.service'] ?? '', container]),
      );
    },
  };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
