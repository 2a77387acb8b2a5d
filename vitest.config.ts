import { defineConfig } from 'vitest/config';

const servers = ['tests/support/servers.ts'];
const docker = ['tests/support/docker-setup.ts'];
const alone = ['tests/docker/on-time.test.ts', 'tests/docker/hostile-neighbours.test.ts'];
/** A busy machine takes its time; what comes in time costs none of it. */
const patient = { poll: { timeout: 60_000 } };
/** A busy machine should not fail all of it. What passes the second time only is named, and is a fault to look for: in the test, or in what it tests. */
const retry = 1;
const setupFiles = ['tests/support/console.ts'];

/**
 * Four sizes of test: unit needs nothing, integration a real Postgres and Redis, e2e a browser and the built web too, docker a
 * Docker daemon with the images; and gpu, an NVIDIA GPU. What is held against a clock runs last and alone.
 */
export default defineConfig({
  test: {
    reporters: ['default'],
    // More than cores: most of a test's time is waiting.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'tests/unit/**/*.test.ts',
            'tests/golden/**/*.test.ts',
            '{api,core,dev,prisma,worker,web}/**/*.test.{ts,tsx}',
          ],
          setupFiles,
          expect: patient,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: servers,
          setupFiles,
          expect: patient,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          retry,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: [...servers, ...docker],
          setupFiles,
          expect: patient,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          retry,
        },
      },
      {
        test: {
          name: 'docker',
          include: ['tests/docker/**/*.test.ts'],
          exclude: alone,
          globalSetup: [...servers, ...docker],
          setupFiles,
          expect: patient,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          retry,
          // After the others: networks that come and go make browsers drop their requests.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          globalSetup: docker,
          setupFiles,
          expect: patient,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          setupFiles,
          expect: patient,
          // After all else: it needs the device to itself.
          sequence: { groupOrder: 3 },
          maxWorkers: 1,
        },
      },
    ],
  },
});
