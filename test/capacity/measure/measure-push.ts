import { sleep } from '@trunkline/service-kit';
import { pace } from '../../bench/push/pace.ts';
import { commonPhone } from '../../bench/push/row.ts';
import { startCrowd, type Crowd } from '../../bench/push/start-crowd.ts';
import { readTree } from '../machine/read-usage.ts';
import { inspect } from '../machine/inspector.ts';
import { System } from '../system/system.ts';
import { openFeedPublisher, type FeedPublisher } from './feed-publisher.ts';
import { meter, type Metered, type Reading } from './meter.ts';
import { meteredOf } from './metered-of.ts';

export interface PushPlan {
  readonly nodes: number;
  /** Connections in all; each listens to the calls of one phone. */
  readonly connections: number;
  /** Messages a second, rising: of the phone to which all listen. */
  readonly rates: readonly number[];
  /** Messages a second to which nobody listens. */
  readonly unheardRate: number;
  readonly measureMs: number;
  readonly onStep?: (step: PushStep) => void;
}

export interface PushStep {
  readonly nodes: number;
  readonly what: 'connect' | 'idle' | 'unheard' | 'heard';
  readonly reading: Reading;
  readonly connections: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
}

export interface PushReport {
  readonly steps: readonly PushStep[];
  /** Of the push nodes, after a full collection where it is of the heap. */
  readonly residentBytesPerConnection: number;
  readonly heapBytesPerConnection: number;
  readonly problems: readonly string[];
}

/** Opened before anything is weighed, so that what a node needs once is not counted for each. */
const warmUpConnections = 50;
const atOnce = 16;
const heardWithinMs = 60_000;

/** So many push nodes: what it costs to let browsers in, to keep them, to hear what nobody wants, and to tell what all want. */
export async function measurePush(plan: PushPlan): Promise<PushReport> {
  await using system = await System.start({
    replicas: { push: plan.nodes },
    telephones: { pbxs: 1, phonesPerPbx: 2, seed: 1, pace: 1 },
    tenants: 1,
  });
  await using crowds = new AsyncDisposableStack();
  const [office] = system.offices;
  if (office === undefined) throw new RangeError('there is no tenant to listen to');
  const token = await system.token(office.tenant);
  const open = (clients: number): Promise<Listening[]> =>
    Promise.all(
      system.pushPorts.map(async (port) => {
        const share = Math.ceil(clients / plan.nodes);
        const topic = `calls:${commonPhone}`;
        const task = {
          dialect: 'ours',
          port,
          token,
          topic,
          clients: share,
          atOnce,
          measureAge: false,
        } as const;
        return { crowd: crowds.use(await startCrowd(task)), clients: share };
      }),
    );
  await using publisher = await openFeedPublisher(system.stores.redis.url, system.prefix, office.tenant);
  const listening = await open(warmUpConnections);
  const lab: Lab = { system, metered: meteredOf(system), plan, publisher, listening, published: 0 };
  const steps: PushStep[] = [];
  const note = (step: PushStep): void => {
    steps.push(step);
    plan.onStep?.(step);
  };

  const before = await weigh(system);
  const connecting = meter(lab.metered);
  listening.push(...(await open(plan.connections)));
  note(stepOf(lab, 'connect', connecting(), 0, 0));
  const after = await weigh(system);

  const idle = meter(lab.metered);
  await sleep(plan.measureMs);
  note(stepOf(lab, 'idle', idle(), 0, 0));
  note(await publish(lab, plan.unheardRate, 'unheard'));
  for (const rate of plan.rates) note(await publish(lab, rate, 'heard'));
  return {
    steps,
    residentBytesPerConnection: (after.resident - before.resident) / plan.connections,
    heapBytesPerConnection: (after.heap - before.heap) / plan.connections,
    problems: system.ended,
  };
}

interface Lab {
  readonly system: System;
  readonly metered: readonly Metered[];
  readonly plan: PushPlan;
  readonly publisher: FeedPublisher;
  readonly listening: readonly Listening[];
  /** Messages that every one of them has heard. */
  published: number;
}

interface Listening {
  readonly crowd: Crowd;
  readonly clients: number;
}

const connectionsOf = ({ listening }: Lab): number =>
  listening.reduce((sum, { clients }) => sum + clients, 0);

/** Every message that is to be heard is waited for, at every connection: what got lost would be cheap. */
async function publish(lab: Lab, rate: number, what: 'unheard' | 'heard'): Promise<PushStep> {
  const count = Math.max(1, Math.round((rate * lab.plan.measureMs) / 1_000));
  const read = meter(lab.metered);
  await pace(count, rate, () => lab.publisher.publish(what));
  if (what === 'heard') {
    // Those that warmed up have heard no more than the others: nothing was published before all were there.
    lab.published += count;
    await Promise.all(
      lab.listening.map(({ crowd, clients }) => crowd.hear(lab.published * clients, heardWithinMs)),
    );
  }
  const reading = read();
  const deliveries = what === 'heard' ? count * connectionsOf(lab) : 0;
  return stepOf(lab, what, reading, count / reading.seconds, deliveries / reading.seconds);
}

const stepOf = (
  lab: Lab,
  what: PushStep['what'],
  reading: Reading,
  messagesPerSecond: number,
  deliveriesPerSecond: number,
): PushStep => ({
  nodes: lab.plan.nodes,
  what,
  reading,
  connections: connectionsOf(lab),
  messagesPerSecond,
  deliveriesPerSecond,
});

async function weigh({ services }: System): Promise<{ resident: number; heap: number }> {
  let [resident, heap] = [0, 0];
  for (const { process, inspectPort } of services) {
    const { heapBytes, externalBytes } = await inspect(inspectPort);
    heap += heapBytes + externalBytes;
    resident += readTree(process.pid).rssBytes;
  }
  return { resident, heap };
}
