import { defineConfig } from 'vitest/config';
import { TallyReporter } from './infra/testing/tally-reporter.ts';

/** `npm run test:cluster`: everything that must hold where Redis is more than one server. */
export default defineConfig({
  test: {
    // Each test has servers of its own, a dozen of them.
    maxWorkers: 1,
    reporters: ['default', new TallyReporter()],
    include: ['test/cluster/*.test.ts', '{apps,packages}/**/cluster.*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['packages/backing-services/src/vitest-global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
