import { createLogger } from '@trunkline/service-kit';
import type { Simulator, SimulatorOptions } from '../contract/simulator.ts';
import { createSimulator } from '../create-simulator.ts';

export const quiet = createLogger({ name: 'test', level: 'silent', redactPhoneNumbers: true });

export async function openSimulator(
  options: Partial<SimulatorOptions> & Pick<SimulatorOptions, 'dialect'>,
): Promise<Simulator> {
  return await createSimulator({ logger: quiet, ...options });
}

const WAIT_MS_MAX = 8_000;

/** Waits until something is so; fails with what was wanted. */
export async function until(holds: () => boolean, wanted: string): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`still not: ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
