import { createRandom } from '../../support/random.ts';
import { table } from '../../../infra/docs/markdown.ts';
import { assumptions } from './assumptions.ts';
import { ingestParts, type IngestPart, type Measured } from './measured.ts';
import { sizeBrowsers, type Balancing, type BrowserSize } from './size-browsers.ts';
import { batchSeconds, ofDay, ofHour, shardCeiling, sizeIngest, type CallLoad } from './size-ingest.ts';
import { poisson, simulateQueue, spread } from './simulate-queue.ts';

/** Every table of docs/scaling.md, by its name there. */
export const scalingTables = (measured: Measured): ReadonlyMap<string, string> =>
  new Map([
    ['events', eventsTable(measured)],
    ['unit-costs', unitCosts(measured)],
    ['calls', callsTable(measured)],
    ['browsers', browsersTable(measured)],
    ['waiting', waitingTable(measured)],
    ['coming-back', comingBackTable(measured)],
  ]);

const loads: readonly (readonly [string, CallLoad])[] = [
  ['10,000 a day', ofDay(10_000, assumptions)],
  ['100,000 a day', ofDay(100_000, assumptions)],
  ['a million a day', ofDay(1_000_000, assumptions)],
  ['a million an hour', ofHour(1_000_000, assumptions)],
];
const crowds = [1_000, 10_000, 100_000, 1_000_000] as const;

const whatOf: Readonly<Record<IngestPart, string>> = {
  connector: 'connector',
  'lifecycle-worker': 'lifecycle-worker',
  'cleanup-worker': 'cleanup-worker',
  postgresql: 'PostgreSQL',
  redis: 'Redis',
};

function eventsTable({ ingest }: Measured): string {
  return table(
    ['events/s', ...ingestParts.map((part) => whatOf[part])],
    ingest.spent.map(({ eventsPerSecond, cores }) => [
      figure(eventsPerSecond),
      ...ingestParts.map((part) => `${figure((cores[part] * 1e6) / eventsPerSecond)} µs`),
    ]),
  );
}

function unitCosts({ ingest, push }: Measured): string {
  return table(
    ['of', 'what it is for', 'costs'],
    [
      ['a worker', 'a batch of events', `${figure(ingest.batchMs)} ms, from its lock to its commit`],
      ['PostgreSQL', 'an event', `${figure(ingest.walBytesPerEvent)} bytes of log`],
      ['PostgreSQL', 'a call', `${figure(ingest.storedBytesPerCall)} bytes, with its audit and indexes`],
      ['push', 'a browser that is let in', `${figure(push.connectMicros)} µs`],
      ['push', 'a browser that is there', `${figure(push.connectionMicrosPerSecond)} µs a second`],
      ['push', 'a browser that is there', `${figure(push.residentBytesPerConnection)} bytes`],
      ['push', 'a message that nobody wants', `${figure(push.messageMicros)} µs`],
      ['push', 'a delivery', `${figure(push.deliveryMicros)} µs`],
      ['Redis', 'a message to one node', `${figure(push.redisMessageMicros)} µs`],
      ['Redis', 'each further node', `${figure(push.redisNodeMicros)} µs`],
    ],
  );
}

function callsTable(measured: Measured): string {
  const sizes = loads.map(([name, load]) => [name, sizeIngest(load, measured, assumptions)] as const);
  return table(
    [
      'calls',
      'events/s',
      'connectors, workers, cleanup: cores',
      'PostgreSQL',
      'Redis',
      'log',
      'a month',
      'streams',
      'saturates first',
    ],
    sizes.map(([name, size]) => [
      name,
      figure(size.eventsPerSecond),
      [size.connectorCores, size.workerCores, size.cleanupCores].map(figure).join(', '),
      `${figure(size.postgresCores)} cores`,
      `${figure(size.redisCores)} cores`,
      `${figure(size.walMegabytesPerSecond)} MB/s`,
      `${figure(size.gigabytesPerMonth)} GB`,
      String(size.shards),
      `${size.shares[0]?.what}, at ${figure((size.shares[0]?.share ?? 0) * 100)} % of what is planned`,
    ]),
  );
}

function browsersTable(measured: Measured): string {
  const row = (browsers: number, balancing: Balancing): string[] => {
    const size = sizeBrowsers(browsers, balancing, measured, assumptions);
    return [
      browsers.toLocaleString('en-US'),
      balancing === 'any' ? 'any node' : 'by tenant',
      figure(size.messagesPerSecond),
      figure(size.deliveriesPerSecond),
      size.nodes === null ? 'no number is enough' : String(size.nodes),
      figure(size.coresPerNode),
      `${figure(size.gigabytesPerNode)} GB`,
      figure(size.redisCores),
      firstOf(size),
    ];
  };
  return table(
    [
      'browsers',
      'balanced',
      'messages/s',
      'deliveries/s',
      'nodes',
      'cores each',
      'memory each',
      'Redis, cores',
      'what decides',
    ],
    crowds.flatMap((browsers) => [row(browsers, 'any'), row(browsers, 'together')]),
  );
}

/** Redis has one thread, whatever the nodes can do. */
const firstOf = ({ redisCores, limit }: BrowserSize): string =>
  redisCores > assumptions.redisCores * assumptions.planned
    ? 'Redis: more than one thread can plan for'
    : `nodes: ${limit}`;

/** As long as it takes until rare waits are seen, and the same at each run. */
const seed = 1;
const eventsSimulated = 200_000;

function waitingTable({ ingest }: Measured): string {
  const { batchMax } = assumptions;
  const serviceOf = (count: number): number => batchSeconds(ingest, assumptions, count);
  const ceiling = shardCeiling(ingest, assumptions);
  return table(
    [
      'of what a stream bears',
      'events/s of that stream',
      'events a batch',
      'half are committed within',
      '99 of 100 within',
    ],
    [0.002, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9].map((load) => {
      const arrivals = poisson(eventsSimulated, ceiling * load, createRandom(seed));
      const { p50Seconds, p99Seconds, batches } = simulateQueue({ arrivals, serviceOf, batchMax });
      return [
        `${figure(load * 100)} %`,
        figure(ceiling * load),
        figure(eventsSimulated / batches),
        `${figure(p50Seconds * 1_000)} ms`,
        `${figure(p99Seconds * 1_000)} ms`,
      ];
    }),
  );
}

/** A push node asks its clients to come back at about this pace, and never over longer than this. */
const comersPerSecond = 1_000;
const spreadSecondsMax = 30;

function comingBackTable({ push }: Measured): string {
  const row = (left: number, nodes: number): string[] => {
    const seconds = Math.min(spreadSecondsMax, left / comersPerSecond);
    const each = Math.ceil(left / nodes);
    const at = (window: number) =>
      simulateQueue({
        arrivals:
          window === 0 ? Array.from({ length: each }, () => 0) : spread(each, window, createRandom(seed)),
        serviceOf: () => push.connectMicros / 1e6,
        batchMax: 1,
      });
    const [herd, asked] = [at(0), at(seconds)];
    return [
      left.toLocaleString('en-US'),
      String(nodes),
      `${figure(herd.p99Seconds)} s`,
      `${figure(seconds)} s`,
      `${figure(asked.p99Seconds * 1_000)} ms`,
      `${figure(asked.busy * 100)} %`,
    ];
  };
  return table(
    [
      'browsers of the lost node',
      'nodes left',
      'all at once: 99 of 100 let in after',
      'spread over',
      'then each waits',
      'busy with it',
    ],
    [row(2_000, 1), row(12_000, 1), row(12_000, 4), row(20_000, 1), row(20_000, 19)],
  );
}

/** Two digits are all that such a model can mean. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value >= 100) return Number(value.toPrecision(2)).toLocaleString('en-US');
  if (value === 0) return '0';
  return value < 0.01 ? 'under 0.01' : String(Number(value.toPrecision(2)));
}
