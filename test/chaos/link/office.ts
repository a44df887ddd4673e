import { addPbx, type Database } from '@trunkline/database';
import { pbxId, type TenantId } from '@trunkline/domain';
import {
  createSimulator,
  dialects,
  type Fault,
  type Simulator,
  type SimulatorOptions,
  type TrafficModel,
} from '@trunkline/pbx-simulator';
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

export const officeTraffic: TrafficModel = {
  callsPerSecond: 1.5,
  mix: { internal: 3, inbound: 3, outbound: 2, queue: 1, group: 1 },
  ringMs: [50, 500],
  talkMs: [300, 4_000],
  noAnswer: 0.1,
  abandoned: 0.1,
  rejected: 0.05,
  hold: 0.2,
  transfer: 0.1,
};

export async function openOffice(
  pbx: string,
  dialect: SimulatorOptions['dialect'],
  seed: number,
  isBusy = true,
): Promise<Office> {
  const simulator = await createSimulator({
    dialect,
    logger,
    seed,
    credential: stormCredential,
    extensions: 12,
    limits,
    ...(isBusy && { traffic: officeTraffic }),
  });
  return { pbx, simulator, disturbed: [], blocks: [] };
}

export interface OfficesPlan {
  readonly database: Database;
  readonly count: number;
  readonly seed: number;
  /** Whose they are, in turn. */
  readonly tenants: readonly TenantId[];
  /** Whether calls begin at once; they do unless this says otherwise. */
  readonly isBusy?: boolean;
}

/** Simulated PBXs of all dialects in turn, which connectors find in the database. */
export async function openOffices(
  { database, count, seed, tenants, isBusy }: OfficesPlan,
  opened: AsyncDisposableStack,
): Promise<Office[]> {
  const offices: Office[] = [];
  for (let index = 0; index < count; index++) {
    const id = crypto.randomUUID();
    const office = await openOffice(id, inTurn(dialects, index), seed * 1_000 + index, isBusy);
    opened.use(office.simulator);
    offices.push(office);
    const { address, certificate, dialect } = office.simulator;
    await database.transaction((transaction) =>
      addPbx(transaction, {
        id: pbxId(id),
        tenant: inTurn(tenants, index),
        name: `Office ${index + 1}`,
        vendor: dialect,
        address,
        trust: `sha256:${certificate?.sha256}`,
        credential: 'storm',
      }),
    );
  }
  return offices;
}

function inTurn<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('there is nothing to take turns');
  return value;
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
