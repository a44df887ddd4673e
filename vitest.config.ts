import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './infra/testing/tally-reporter.ts';

/** Tests whose names end like this need PostgreSQL or Redis; all others need nothing but Node. */
const needsServers = ['**/*.{pg,redis,int}.test.ts', 'test/**/*.test.ts'];

export default defineConfig({
  test: {
    // More than there are cores: most tests wait more than they compute.
    maxWorkers: availableParallelism() + 2,
    reporters: ['default', new TallyReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          // Pure logic leaves nothing behind, so files may share a process and what it has loaded.
          isolate: false,
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
          // They need a dozen servers each, and have a command of their own.
          exclude: ['test/cluster/**', '**/node_modules/**'],
          globalSetup: ['packages/backing-services/src/vitest-global-setup.ts'],
          testTimeout: 30_000,
          // Real processes, sockets and clocks on a busy machine: one more try, and the run's last lines name who needed it.
          retry: 1,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
