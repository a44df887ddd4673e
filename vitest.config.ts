import { defineConfig } from 'vitest/config';

/** Tests whose names end like this need PostgreSQL or Redis; all others need nothing but Node. */
const needsServers = ['**/*.{pg,redis,int}.test.ts', 'test/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,infra}/**/*.test.ts'],
          exclude: [...needsServers, '**/node_modules/**'],
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
