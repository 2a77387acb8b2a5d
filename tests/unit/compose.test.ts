import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Service = z.object({
  image: z.string(),
  user: z.string().optional(),
  build: z.object({ dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  read_only: z.boolean(),
  security_opt: z.array(z.string()),
  cap_drop: z.array(z.string()),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  privileged: z.literal(false).optional(),
  profiles: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  deploy: z.object({ resources: z.unknown() }).optional(),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  networks: z.object({ inside: z.object({ internal: z.literal(true) }), outside: z.object({}) }),
});

const { services } = Compose.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));
const names = Object.keys(services);

describe('docker-compose.yml', () => {
  it('has the parts that npm start has', () => {
    expect(names.toSorted()).toEqual(['api', 'migrate', 'postgres', 'redis', 'worker', 'worker-gpu', 'worker-hooks']);
  });

  it('publishes the port of the api and nothing else', () => {
    expect(names.filter((name) => (services[name]?.ports.length ?? 0) > 0)).toEqual(['api']);
    expect(names.filter((name) => services[name]?.networks.includes('outside'))).toEqual(['api', 'worker-hooks']);
  });

  it('gives what sends hooks a way out and no Docker, and what has Docker no way out', () => {
    const { worker, 'worker-hooks': hooks } = services;
    expect(worker?.environment).toMatchObject({ WORKER_HOOKS: 'off', SANDBOX: 'docker' });
    expect(hooks?.environment).toMatchObject({ SANDBOX: 'off' });
    expect(hooks?.environment).not.toHaveProperty('WORKER_HOOKS');
    expect(hooks?.profiles).toEqual(['hooks']);
    expect(JSON.stringify(hooks)).not.toContain('docker.sock');
  });

  it.each(names)('runs %s without root, privileges or a writable root', (name) => {
    const service = services[name];
    const user = service?.user ?? dockerfileLine(service?.build?.dockerfile ?? '', 'USER');
    expect(user).not.toMatch(/^(|root|0)(:|$)/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it.each(names.filter((name) => name !== 'migrate'))('checks the health of %s', (name) => {
    const service = services[name];
    const check = service?.healthcheck?.test ?? dockerfileLine(service?.build?.dockerfile ?? '', 'HEALTHCHECK');
    expect(check.length).toBeGreaterThan(0);
  });

  it('starts api and worker only after the databases are healthy and migrated', () => {
    for (const name of ['api', 'worker']) {
      expect(services[name]?.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    }
  });

  it('runs a Redis that evicts nothing and keeps an append-only file', () => {
    expect(services['redis']?.command?.join(' ')).toMatch(/maxmemory-policy noeviction\\nappendonly yes/);
  });

  it('gives the GPUs to one worker, which is there where it is asked for, and only to look at', () => {
    const withDevices = names.filter((name) => services[name]?.deploy !== undefined);
    expect(withDevices).toEqual(['worker-gpu']);
    expect(services['worker-gpu']).toMatchObject({
      profiles: ['gpu'],
      image: services['worker']?.image,
      environment: { WORKER_GPUS: '${WORKER_GPUS:-all}', WORKER_CPU_SLOTS: '0' },
      deploy: {
        resources: {
          reservations: { devices: [{ driver: 'nvidia', count: 'all', capabilities: ['gpu', 'utility'] }] },
        },
      },
    });
    expect(services['worker']?.environment).toMatchObject({ WORKER_GPUS: 'none' });
  });

  it('takes every password from outside', () => {
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|_URL$/.test(name))
          expect(value).toMatch(/\$\{(POSTGRES|REDIS)_PASSWORD:\?|^\$\{(SMTP|PUBLIC)_URL:-\}$/);
      }
    }
    for (const path of ['api/Dockerfile', 'worker/Dockerfile']) {
      expect(readFileSync(path, 'utf8')).not.toMatch(/PASSWORD|SECRET|TOKEN/i);
    }
  });
});

/** What the last line with that instruction says; an empty text when there is none. */
function dockerfileLine(path: string, instruction: string): string {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.findLast((line) => line.startsWith(`${instruction} `))?.slice(instruction.length + 1) ?? '';
}
