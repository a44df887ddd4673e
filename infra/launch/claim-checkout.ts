import { join } from 'node:path';
import { takeLock } from '@trunkline/backing-services';
import type { CheckoutPaths } from '@trunkline/backing-services';

export type Claim = { release(): void };

/** One system runs in a checkout at a time, and nothing removes the data meanwhile. */
export async function claimCheckout({ home, root }: CheckoutPaths): Promise<Claim> {
  return await takeLock(join(home, 'running.lock'), {
    timeoutMs: 0,
    refusal: (pid) =>
      `Trunkline is already running in ${root} (process ${pid}). Stop it with Ctrl-C in its terminal, or with ` +
      `kill ${pid}, and run this again. Another checkout can run beside it.`,
  });
}
