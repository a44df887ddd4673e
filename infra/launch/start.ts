import { checkoutPaths } from '@trunkline/backing-services';
import { buildConsole } from './build-console.ts';
import { bundleFleet } from './bundle-fleet.ts';
import { fleet } from './fleet.ts';
import { launch } from './launch.ts';

process.exitCode = await launch({
  paths: checkoutPaths(),
  fleet,
  bundle: bundleFleet,
  meanwhile: buildConsole,
});
// An interrupted start may still wait for a download or a query that nobody needs any more.
// oxlint-disable-next-line unicorn/no-process-exit -- everything of ours has ended by now
setTimeout(() => process.exit(), 250).unref();
