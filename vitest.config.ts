import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './infra/testing/tally-reporter.ts';

/** Tests whose names end like this need PostgreSQL or Redis; all others need nothing but Node. */
const needsServers = ['**/*.{pg,redis,int}.test.ts', 'test/**/*.test.ts'];

export default defineConfig({
  test: {
    // One for each core: most tests wait more than they compute, and more of them would disturb each other's times.
    maxWorkers: availableParallelism(),
    reporters: ['default', new TallyReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,infra}/**/*.test.ts'],
          exclude: [...needsServers, '**/node_modules/**'],
          // Long enough for a machine that does other things as well; no test asserts how fast it is.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: needsServers,
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/backing-services/src/vitest-global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
