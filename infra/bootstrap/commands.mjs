/**
 * What each npm script runs on Node 24, relative to the root.
 *
 * @type {Record<string, string[] | undefined>}
 */
export const commands = {
  start: ['infra/launch/start.ts'],
  reset: ['infra/launch/reset.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  'test:browser': [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project=servers',
    'test/console/',
    'test/realtime/chromium',
    'test/realtime/examples',
    'test/realtime/react',
    'test/realtime/real-services',
    'test/security/pages',
  ],
  'test:cluster': ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.cluster.config.ts'],
  verify: ['infra/checks/verify.ts'],
  bench: ['test/bench/run.ts'],
  chaos: ['test/chaos/run.ts'],
  soak: ['test/capacity/soak/run.ts'],
  docs: ['infra/docs/write.ts'],
  screenshots: ['test/console/screenshots/run.ts'],
  'image:proof': ['infra/docker/prove.ts'],
  console: ['infra/console/build.ts'],
  sdk: ['infra/sdk/build.ts'],
  size: ['infra/sdk/size.ts'],
  trunkline: ['infra/launch/trunkline.ts'],
};
