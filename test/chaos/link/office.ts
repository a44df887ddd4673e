import { createSimulator, type Fault, type Simulator, type SimulatorOptions } from '@trunkline/pbx-simulator';
import { createLogger } from '@trunkline/service-kit';

type Span = [from: number, to: number];

/** One simulated PBX of the storm, with what was done to it. */
export interface Office {
  readonly pbx: string;
  readonly simulator: Simulator;
  /** Times in which frames were lost, changed or never sent: what happened then may have been heard wrong. */
  readonly disturbed: Span[];
  /** Blocks of our address that were set, and how many attempts were counted while each lasted. */
  readonly blocks: { readonly since: number; readonly until: number; attempts: number }[];
}

export const stormCredential = { username: 'storm', secret: 'storm-secret' };

const logger = createLogger({ name: 'storm', level: 'silent', redactPhoneNumbers: false });

/** The vendors' bounds in about a three-hundredth of the time. */
const limits = { blockMs: 2_000, badLoginDelayMs: 20, accessTokenMs: 20_000, idleMs: 3_000, loginMs: 3_000 };

export const blockMs = limits.blockMs;

export async function openOffice(
  pbx: string,
  dialect: SimulatorOptions['dialect'],
  seed: number,
): Promise<Office> {
  const simulator = await createSimulator({
    dialect,
    logger,
    seed,
    credential: stormCredential,
    extensions: 12,
    limits,
    traffic: {
      callsPerSecond: 1.5,
      mix: { internal: 3, inbound: 3, outbound: 2, queue: 1, group: 1 },
      ringMs: [50, 500],
      talkMs: [300, 4_000],
      noAnswer: 0.1,
      abandoned: 0.1,
      rejected: 0.05,
      hold: 0.2,
      transfer: 0.1,
    },
  });
  return { pbx, simulator, disturbed: [], blocks: [] };
}

/** A fault for a while, noted where it falsifies what can be heard. */
export async function disturb(
  { simulator: { control }, disturbed }: Office,
  fault: Fault,
  wait: Promise<void>,
): Promise<void> {
  const since = Date.now();
  control.fault(fault);
  await wait;
  control.heal();
  disturbed.push([since, Date.now()]);
}
