/** From the commit of a change to the client that reads of it, at a steady rate. */
import { parseArgs } from 'node:util';
import { median, ratio, report, runsMin } from './measure.ts';
import { chosen, inTurn, openArena, type Arena, type ContenderName } from './push/arena.ts';
import { pace } from './push/pace.ts';

const names = ['ours', 'plainWs'] as const;
const warmUpMessages = 500;
const withinMs = 120_000;

interface Load {
  readonly clients: number;
  readonly perSecond: number;
  readonly messages: number;
}

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '20' },
      rates: { type: 'string', default: '500,2000' },
      seconds: { type: 'string', default: '5' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  await using arena = await openArena();
  const figures: Record<string, unknown> = {};
  const ratios: Record<string, number> = {};
  for (const perSecond of values.rates.split(',').map(Number)) {
    const load = { clients: Number(values.clients), perSecond, messages: perSecond * Number(values.seconds) };
    console.log(`${load.clients} clients, ${perSecond} changes a second; ${arena.label}`);
    const outcomes = await inTurn(chosen(values.only, names), Number(values.runs), (name) =>
      measure(arena, name, load),
    );
    const of = (name: ContenderName, what: 'p50Ms' | 'p99Ms'): number =>
      median((outcomes[name] ?? []).map((outcome) => outcome[what]));
    figures[`at${perSecond}`] = {
      ours: { p50Ms: of('ours', 'p50Ms'), p99Ms: of('ours', 'p99Ms') },
      plainWs: { p50Ms: of('plainWs', 'p50Ms'), p99Ms: of('plainWs', 'p99Ms') },
    };
    // The highest rate, which is measured last, stands for all.
    Object.assign(figures, { p50Ms: of('ours', 'p50Ms'), p99Ms: of('ours', 'p99Ms') });
    ratios['plainWs'] = ratio(of('ours', 'p99Ms'), of('plainWs', 'p99Ms'));
  }
  report('latency', figures, ratios);
}

async function measure(arena: Arena, name: ContenderName, { clients, perSecond, messages }: Load) {
  await using match = await arena.open(name);
  const crowd = await match.crowd({ clients, measureAge: true });
  const publisher = await match.publisher();
  await pace(warmUpMessages, perSecond, (number) => publisher.publish(number));
  await crowd.hear(warmUpMessages * clients, withinMs);
  await pace(messages, perSecond, (number) => publisher.publish(warmUpMessages + number));
  const ages = (await crowd.hear((warmUpMessages + messages) * clients, withinMs)).toSorted(
    (one, other) => one - other,
  );
  const at = (share: number): number => Math.round((ages[Math.floor(ages.length * share)] ?? 0) * 100) / 100;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(0.999_999) };
}
