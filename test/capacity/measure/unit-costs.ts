import { ingestParts, type IngestPart, type Measured } from '../model/measured.ts';
import { fitCost, type Cost } from './fit-cost.ts';
import type { IngestReport, IngestStep } from './measure-ingest.ts';
import type { Reading } from './meter.ts';
import type { PushReport, PushStep } from './measure-push.ts';

/** What events cost everything that they pass, from what was spent at several rates. */
export const ingestCosts = (steps: readonly IngestStep[]): Record<IngestPart, Cost> =>
  Object.fromEntries(
    ingestParts.map((part) => [
      part,
      fitCost(
        steps.map(({ eventsPerSecond, reading }) => ({
          perSecond: eventsPerSecond,
          cores: reading.cores.get(part) ?? 0,
        })),
      ),
    ]),
  ) as Record<IngestPart, Cost>;

/** A batch on a machine that is busier than this mostly waits for its turn. */
const machineBusyMax = 0.8;

/** Of one lifecycle worker, which is how the costs of one are told from what several cost each other. */
export function ingestFigures({ steps, storedBytesPerCall }: IngestReport): Measured['ingest'] {
  const [slowest] = steps;
  if (slowest === undefined) throw new RangeError('no rate was measured');
  const events = sum(steps, ({ eventsPerSecond, reading }) => eventsPerSecond * reading.seconds);
  const calm = steps.filter(({ reading }) => reading.machine < machineBusyMax);
  // Where the machine was never calm there is only what it was.
  const timed = calm.length > 0 ? calm : steps;
  return {
    eventsPerCall: events / sum(steps, ({ callsPerSecond, reading }) => callsPerSecond * reading.seconds),
    // Messages join what is committed together, so the slowest rate has most for an event: as tenants that are small.
    messagesPerEvent: slowest.messagesPerEvent,
    walBytesPerEvent: slowest.walBytesPerEvent,
    storedBytesPerCall,
    batchMs:
      (1_000 * sum(timed, ({ batchSecondsPerSecond }) => batchSecondsPerSecond)) /
      sum(timed, ({ batchesPerSecond }) => batchesPerSecond),
    spent: steps.map(({ eventsPerSecond, reading }) => ({ eventsPerSecond, cores: coresOf(reading) })),
  };
}

const coresOf = ({ cores }: Reading): Record<IngestPart, number> =>
  Object.fromEntries(ingestParts.map((part) => [part, cores.get(part) ?? 0])) as Record<IngestPart, number>;

/** From one report for each number of nodes, the smallest first: costs of a node from the first, of a further node from the last. */
export function pushFigures(reports: readonly PushReport[]): Measured['push'] {
  const [first] = reports;
  const last = reports.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('no push node was measured');
  const [connect, idle, unheard] = [only(first, 'connect'), only(first, 'idle'), only(first, 'unheard')];
  const idleCores = pushCores(idle);
  const heard = first.steps.filter(({ what }) => what === 'heard');
  const above = (step: PushStep): number => Math.max(0, pushCores(step) - idleCores);
  const messageMicros = (above(unheard) / unheard.messagesPerSecond) * 1e6;
  const deliveryMicros =
    (sum(
      heard,
      (step) =>
        Math.max(0, above(step) - (step.messagesPerSecond * messageMicros) / 1e6) * step.reading.seconds,
    ) /
      sum(heard, (step) => step.deliveriesPerSecond * step.reading.seconds)) *
    1e6;
  const redisOf = (report: PushReport): number => {
    const [quiet, busy] = [only(report, 'idle'), only(report, 'unheard')];
    const spent = (busy.reading.cores.get('redis') ?? 0) - (quiet.reading.cores.get('redis') ?? 0);
    return (Math.max(0, spent) / busy.messagesPerSecond) * 1e6;
  };
  const nodesMore = (last.steps[0]?.nodes ?? 1) - (first.steps[0]?.nodes ?? 1);
  return {
    connectMicros: (pushCores(connect) * connect.reading.seconds * 1e6) / connect.came,
    // All that an idle node spends is counted for its connections.
    connectionMicrosPerSecond: (idleCores * 1e6) / idle.connections,
    residentBytesPerConnection: first.residentBytesPerConnection,
    messageMicros,
    deliveryMicros,
    redisMessageMicros: redisOf(first),
    redisNodeMicros: nodesMore === 0 ? 0 : Math.max(0, (redisOf(last) - redisOf(first)) / nodesMore),
  };
}

const pushCores = ({ reading }: PushStep): number => reading.cores.get('push') ?? 0;

function only({ steps }: PushReport, what: PushStep['what']): PushStep {
  const step = steps.find((each) => each.what === what);
  if (step === undefined) throw new RangeError(`there is no step ${what}`);
  return step;
}

const sum = <Each>(all: readonly Each[], of: (each: Each) => number): number =>
  all.reduce((total, each) => total + of(each), 0);
