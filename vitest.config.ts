import { defineConfig } from 'vitest/config';

const servers = ['tests/support/servers.ts'];
const setupFiles = ['tests/support/console.ts'];

/** Three sizes of test: unit needs nothing, integration a real Postgres and Redis, e2e a browser and the built web too. */
export default defineConfig({
  test: {
    reporters: ['default'],
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
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: servers,
          setupFiles,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: servers,
          setupFiles,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
