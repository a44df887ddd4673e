import { assertNever } from '@trunkline/service-kit';
import { table } from '../../../infra/docs/markdown.ts';
import { ingestParts } from '../model/measured.ts';
import { ceilings, type Spender } from './first-to-saturate.ts';
import type { IngestStep } from './measure-ingest.ts';
import type { PushStep } from './measure-push.ts';
import { ingestCosts } from './unit-costs.ts';

const whole = (value: number): string => (Number.isFinite(value) ? String(Math.round(value)) : 'no end seen');
const share = (value: number): string => `${Math.round(value * 100)} %`;
const micros = (cores: number, perSecond: number): string => whole((cores * 1e6) / Math.max(1, perSecond));

/** What each part spent for an event, all that it does when nothing happens included. */
export const ingestTable = (steps: readonly IngestStep[]): string =>
  table(
    [
      'workers',
      'events/s asked',
      'came',
      ...ingestParts.map((part) => `${part}, µs`),
      'committed after, ms',
      'machine',
    ],
    steps.map(({ workers, asked, eventsPerSecond, reading, meanDelayMs }) => [
      String(workers),
      String(asked),
      whole(eventsPerSecond),
      ...ingestParts.map((part) => micros(reading.cores.get(part) ?? 0, eventsPerSecond)),
      meanDelayMs.toFixed(1),
      share(reading.machine),
    ]),
  );

/** For each number of workers, at how many events a second each part has no more to give, in the order in which they end. */
export function saturationTable(steps: readonly IngestStep[], machineCores: number): string {
  const byWorkers = [...Map.groupBy(steps, ({ workers }) => workers)];
  return table(
    ['workers', 'ends first', 'at events/s', 'then', 'this machine, all together'],
    byWorkers.map(([workers, some]) => {
      const costs = ingestCosts(some);
      const coresMax = {
        connector: 1,
        'lifecycle-worker': workers,
        'cleanup-worker': 1,
        redis: 1,
        postgresql: machineCores,
      };
      const spenders: Spender[] = ingestParts.map((name) => ({
        name,
        cost: costs[name],
        coresMax: coresMax[name],
      }));
      const [first, second, third] = ceilings(spenders);
      const together = {
        idleCores: spenders.reduce((sum, { cost }) => sum + cost.idleCores, 0),
        microsEach: spenders.reduce((sum, { cost }) => sum + cost.microsEach, 0),
      };
      const [machine] = ceilings([{ name: 'machine', cost: together, coresMax: machineCores }]);
      return [
        String(workers),
        first?.name ?? '',
        whole(first?.perSecond ?? Infinity),
        [second, third].map((next) => `${next?.name} at ${whole(next?.perSecond ?? Infinity)}`).join(', '),
        whole(machine?.perSecond ?? Infinity),
      ];
    }),
  );
}

export const pushTable = (steps: readonly PushStep[]): string =>
  table(
    [
      'nodes',
      'what',
      'connections',
      'messages/s',
      'deliveries/s',
      'push, cores',
      'busiest node',
      'redis, cores',
      'each, µs of push',
    ],
    steps.map((step) => [
      String(step.nodes),
      named[step.what],
      String(step.connections),
      whole(step.messagesPerSecond),
      whole(step.deliveriesPerSecond),
      (step.reading.cores.get('push') ?? 0).toFixed(3),
      share(step.reading.busiest.get('push') ?? 0),
      (step.reading.cores.get('redis') ?? 0).toFixed(3),
      eachOf(step),
    ]),
  );

const named: Readonly<Record<PushStep['what'], string>> = {
  connect: 'let in',
  idle: 'silence',
  unheard: 'messages that nobody wants',
  heard: 'messages that all want',
};

function eachOf({
  what,
  reading,
  came,
  connections,
  messagesPerSecond,
  deliveriesPerSecond,
}: PushStep): string {
  const cores = reading.cores.get('push') ?? 0;
  switch (what) {
    case 'connect':
      return `${micros(cores * reading.seconds, came)} a connection`;
    case 'idle':
      return `${((cores * 1e6) / connections).toFixed(1)} a connection and second`;
    case 'unheard':
      return `${micros(cores, messagesPerSecond)} a message`;
    case 'heard':
      return `${((cores * 1e6) / Math.max(1, deliveriesPerSecond)).toFixed(1)} a delivery`;
    default:
      return assertNever(what, 'kind of step');
  }
}
