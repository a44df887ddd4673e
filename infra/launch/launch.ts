import { readBackingConfig, Warden } from '@trunkline/backing-services';
import type { CheckoutPaths } from '@trunkline/backing-services';
import { claimCheckout } from './claim-checkout.ts';
import type { FleetProcess } from './fleet.ts';
import { runSystem, type System } from './run-system.ts';
import { stopSignal } from './stop-signal.ts';

export type Launch = {
  readonly paths: CheckoutPaths;
  readonly fleet: readonly FleetProcess[];
  readonly bundle?: System['bundle'];
  readonly meanwhile?: System['meanwhile'];
};

/** `npm start`: everything up, one line that says so, and everything down again on a signal. Gives the exit code. */
export async function launch({ paths, fleet, bundle, meanwhile }: Launch): Promise<number> {
  const stop = stopSignal();
  try {
    const config = readBackingConfig(process.env);
    const claim = await claimCheckout(paths);
    const warden = new Warden();
    try {
      const report = (line: string): void => console.log(line);
      await runSystem({ paths, config, fleet, warden, stop, report, bundle, meanwhile });
      return 0;
    } finally {
      // Whatever a start that was cut short left behind is still registered, and ends here.
      await warden.close();
      claim.release();
    }
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
