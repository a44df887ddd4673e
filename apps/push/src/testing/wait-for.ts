import { sleep } from '@trunkline/service-kit';

/** Nothing is measured by it; a machine may be busy. */
const waitMs = 60_000;
const lookMs = 10;

/** What `look` finds, as soon as it finds something. */
export async function waitFor<Value>(look: () => Value | undefined | false, what: string): Promise<Value> {
  const until = Date.now() + waitMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`${what} did not come`);
    await sleep(lookMs);
  }
}
