/** Simulated PBXs in a process of their own, so that what they cost is nobody else's. */
import { createSimulator, dialects, type Simulator, type TrafficModel } from '@trunkline/pbx-simulator';
import { createLogger } from '@trunkline/service-kit';
import { taskOfThisProcess } from './child.ts';
import {
  firstPhoneOf,
  historyMax,
  telephonesCredential,
  type TelephonesOrder,
  type TelephonesReply,
  type TelephonesTask,
} from './telephones.ts';

const task = await taskOfThisProcess<TelephonesTask>();
const logger = createLogger({ name: 'telephones', level: 'silent', redactPhoneNumbers: false });

const traffic: Omit<TrafficModel, 'callsPerSecond'> = {
  mix: { internal: 3, inbound: 3, outbound: 2, queue: 1, group: 1 },
  ringMs: [500, 2_500],
  talkMs: [1_000, 6_000],
  noAnswer: 0.1,
  abandoned: 0.05,
  rejected: 0.05,
  hold: 0.1,
  transfer: 0.05,
  pace: task.pace,
};

const simulators = await Promise.all(
  Array.from({ length: task.pbxs }, (_, index) =>
    createSimulator({
      dialect: dialects[index % dialects.length] ?? 'yeastar',
      logger,
      seed: task.seed * 1_000 + index,
      credential: telephonesCredential,
      extensions: task.phonesPerPbx,
      firstExtension: firstPhoneOf(index),
      limits: { historyMax },
    }),
  ),
);

const reply = (words: TelephonesReply): void => void process.send?.(words);
const all = <Value>(of: (control: Simulator['control']) => Value): Value[] =>
  simulators.map(({ control }) => of(control));

async function carryOut(order: TelephonesOrder): Promise<void> {
  switch (order.order) {
    case 'traffic': {
      const { callsPerSecond } = order;
      const share = callsPerSecond === null ? null : callsPerSecond / simulators.length;
      all((control) => control.traffic(share === null ? null : { ...traffic, callsPerSecond: share }));
      break;
    }
    case 'settle':
      await Promise.all(all((control) => control.settle()));
      reply({ tell: 'settled' });
      break;
    case 'counters':
      reply({ tell: 'counters', calls: total() });
      break;
    case 'ledgers':
      reply({ tell: 'ledgers', ledgers: all((control) => control.ledger()) });
      break;
  }
}

function total() {
  const calls = all((control) => control.counters().calls);
  const sum = (what: 'placed' | 'ended' | 'skipped'): number =>
    calls.reduce((so, each) => so + each[what], 0);
  return { placed: sum('placed'), ended: sum('ended'), skipped: sum('skipped') };
}

process.on('message', (order: TelephonesOrder) => void carryOut(order));
process.once('disconnect', () => void Promise.all(simulators.map((simulator) => simulator.stop())));

reply({
  tell: 'ready',
  pbxs: simulators.map(({ dialect, address, certificate }) => ({
    vendor: dialect,
    address,
    sha256: certificate?.sha256 ?? '',
  })),
});
