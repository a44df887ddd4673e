import { liftBlocks, wantRetry, wantSnapshot } from '@trunkline/database';
import type { CallHandle, Dialect } from '@trunkline/pbx-simulator';
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { shortConnectorSettings } from '../support/short-settings.ts';
import { faultCases, type FaultCase } from './fault-cases.ts';
import { FleetLab, untilNothing } from './fleet-lab.ts';

/** Short calls in quick succession. */
const traffic = { callsPerSecond: 15, pace: 20, hold: 0.2, transfer: 0.1, recorded: 0.2 } as const;
const callsUnderFault = 10;

const settings = {
  ...shortConnectorSettings,
  // One process does everything here, and is at times busy for longer than a second.
  TRUNKLINE_LEASE_TTL: '4s',
  TRUNKLINE_LEASE_LOOK: '50ms',
  TRUNKLINE_LINK_HEARTBEAT_ANSWER: '1s',
  TRUNKLINE_BLOCK_YEASTAR: '400ms',
  TRUNKLINE_BLOCK_ASTERISK: '400ms',
  TRUNKLINE_SNAPSHOT_EVERY: '1h',
  TRUNKLINE_SNAPSHOT_GAP: '50ms',
};

/** After a reconnect the PBX's records of past calls are read, and a record does not name every phone of a call. */
const loose = { details: 'loose' } as const;

/** Every fault of the simulator, one after the other on one fleet: calls go on meanwhile, and afterwards everything is right. */
export function describeFaults(dialect: Dialect): void {
  const cases = Object.values(faultCases)
    .flat()
    .filter(({ dialects }: FaultCase) => dialects?.includes(dialect) ?? true);

  describe(`${dialect}: tables and screens say what the PBX says, whatever happened`, () => {
    let bench: FaultBench | undefined;
    beforeAll(async () => {
      bench = await FaultBench.open(dialect);
    }, 180_000);
    afterAll(() => bench?.[Symbol.asyncDispose](), 60_000);

    it.each(cases.map((each): [string, FaultCase] => [JSON.stringify(each.faults), each]))(
      '%s',
      async (_name, each) => bench?.survives(each),
      180_000,
    );
  });
}

class FaultBench implements AsyncDisposable {
  readonly #lab: FleetLab;
  /** They live through all cases, but for a PBX that restarts. */
  #longCalls: CallHandle[] = [];

  private constructor(lab: FleetLab) {
    this.#lab = lab;
  }

  static async open(dialect: Dialect): Promise<FaultBench> {
    const limits = { badLoginDelayMs: 20, badLoginsMax: 1_000 };
    const simulator = { extensions: 20, limits };
    const bench = new FaultBench(
      await FleetLab.open({ dialect, simulator, settings, doubleBookingEveryMs: 1_000 }),
    );
    bench.#lab.screen.follow();
    await bench.#untilLive('before any fault');
    return bench;
  }

  /** A case that fails leaves the PBX well and its time to nobody, so that the next one can tell about itself. */
  async survives(each: FaultCase): Promise<void> {
    const since = Date.now();
    try {
      await this.#survives(each);
    } catch (error) {
      this.#lab.simulator.control.heal();
      this.#lab.simulator.control.traffic(null);
      this.#lab.gaps.push([since, Date.now()]);
      throw error;
    }
  }

  async #survives({ faults, shows = () => true, unheard }: FaultCase): Promise<void> {
    const { control } = this.#lab.simulator;
    this.#placeLongCalls();
    await this.#agrees('before the fault');
    const since = Date.now();
    const before = control.counters();
    control.traffic(traffic);
    for (const fault of faults) control.fault(fault);
    await untilNothing(() => {
      const now = control.counters();
      const placed = now.calls.placed - before.calls.placed;
      const left = placed < callsUnderFault ? [`${placed} calls were placed`] : [];
      return Promise.resolve(shows(before, now) ? left : [...left, 'nothing shows that it has happened']);
    }, 'the fault');
    control.heal();
    await this.#untilLive('after the fault');
    control.traffic(null);
    await untilNothing(() => Promise.resolve(this.#shortCalls()), 'the traffic should end');
    await this.#takesStock(unheard === true ? since : null);
    await this.#endsWhatIsStuck();
    await this.#agrees('after the fault');
    await this.#isTidy(control.counters().framesMalformed > before.framesMalformed);
    await this.#worksAgain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lab[Symbol.asyncDispose]();
  }

  /** One that talks and one that is held. */
  #placeLongCalls(): void {
    const open = this.#openKeys();
    this.#longCalls = this.#longCalls.filter(({ key }) => open.has(key));
    if (this.#longCalls.length > 0) return;
    this.#longCalls = [this.#talk('1019', '1018'), this.#talk('1017', '1016')];
    this.#longCalls[1]?.hold('1016');
  }

  #talk(from: string, to: string): CallHandle {
    const call = this.#lab.simulator.control.place({ kind: 'internal', from, to });
    call.ring();
    call.answer();
    return call;
  }

  #openKeys(): ReadonlySet<string> {
    const { calls } = this.#lab.simulator.control.ledger();
    return new Set(calls.filter(({ status }) => status !== 'ended').map(({ key }) => key));
  }

  #shortCalls(): string[] {
    const long = new Set(this.#longCalls.map(({ key }) => key));
    return [...this.#openKeys()].filter((key) => !long.has(key));
  }

  async #untilLive(when: string): Promise<void> {
    const { database, pbx } = this.#lab;
    await untilNothing(async () => {
      const state = await this.#lab.linkState();
      if (state === 'live') return [];
      // As a person would who has made the credentials right again, or had the PBX release our address.
      if (state === 'refused' || state === 'blocked') {
        await database.run(async (transaction) => {
          await liftBlocks(transaction, pbx);
          await wantRetry(transaction, pbx);
        });
      }
      return [`the link is ${state}`];
    }, `${when} the link should be live`);
  }

  /** The stuck calls are found by asking about all that is open; those that are alive go on. */
  async #endsWhatIsStuck(): Promise<void> {
    const open = this.#openKeys();
    await untilNothing(async () => {
      const { state, counts, calls } = await this.#lab.sweepAll();
      const wrong = calls.filter(({ call, outcome }) => outcome === 'ended' && open.has(call));
      deepStrictEqual(wrong, []);
      return state === 'done' && counts.unknown === 0
        ? []
        : [`a sweep is ${state}: ${JSON.stringify(counts)}`];
    }, 'a sweep should get an answer for each call');
    const stored = await this.#lab.rows(`select call_key as key from call where status <> 'ended'`);
    deepStrictEqual(new Set(stored.map(({ key }) => key)).difference(open), new Set());
  }

  /** A list of the PBX as it is now. What happened before may not have been heard. */
  async #takesStock(unheardSince: number | null): Promise<void> {
    const { database, pbx } = this.#lab;
    const snapshots = async () =>
      Number(
        (await this.#lab.rows(`select count(*) as n from call_event where type = 'link.snapshot'`))[0]?.['n'],
      );
    const before = await snapshots();
    await database.run((transaction) => wantSnapshot(transaction, [pbx], 'the fault is over'));
    await untilNothing(
      async () => ((await snapshots()) > before ? [] : ['no snapshot yet']),
      'a snapshot should be taken',
    );
    if (unheardSince !== null) this.#lab.gaps.push([unheardSince, Date.now()]);
  }

  #agrees(when: string): Promise<void> {
    return untilNothing(() => this.#lab.differences(loose), `${when}: the tables differ from the ledger`);
  }

  async #isTidy(wasMalformed: boolean): Promise<void> {
    const { phones, calls } = this.#lab.simulator.control.ledger();
    deepStrictEqual(await this.#lab.monitoring(), {
      extensions: phones.filter(({ status }) => status !== 'online' && status !== 'offline').length,
      calls: calls.filter(({ status }) => status !== 'ended').length,
    });
    await untilNothing(async () => {
      const left = await this.#lab.rows('select from outbox');
      return left.length === 0 ? [] : [`${left.length} messages are not relayed`];
    }, 'everything should be on its way to the screens');
    await this.#lab.screen.catchUp();
    deepStrictEqual(await this.#lab.screen.differences(), []);
    const letters = await this.#lab.rows('delete from dead_letter returning error');
    strictEqual(letters.length > 0, wasMalformed);
  }

  /** The next call is known in all its facts. */
  async #worksAgain(): Promise<void> {
    const call = this.#talk('1001', '1002');
    const knows = (shown: string) =>
      untilNothing(async () => {
        const [row] = await this.#lab.rows(
          `select coalesce(hangup_cause, status) as shown, extensions from call where call_key = $1`,
          [call.key],
        );
        return row?.['shown'] === shown ? [] : [`it is ${String(row?.['shown'])}`];
      }, `the next call should be ${shown}`);
    await knows('connected');
    await this.#agrees('in the next call');
    call.hangUp();
    await knows('normal');
    await this.#agrees('after the next call');
  }
}
