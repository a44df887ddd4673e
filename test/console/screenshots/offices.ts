import type { PbxId } from '@trunkline/domain';
import type { CallHandle, Simulator } from '@trunkline/pbx-simulator';
import { sleep } from '@trunkline/service-kit';
import { untilNothing } from '../../e2e/fleet-lab.ts';
import { myPhone } from './camera.ts';
import { ConsoleLab } from '../support/console-lab.ts';

export interface Office {
  readonly pbx: PbxId;
  readonly simulator: Simulator;
}

export interface Offices extends AsyncDisposable {
  readonly lab: ConsoleLab;
  readonly porto: Office;
  readonly lisbon: Office;
  readonly faro: Office;
  readonly braga: Office;
  /** A call to whoever looks at the pictures, which does not ring yet. */
  readonly mine: CallHandle;
  /** The key of the call whose page is shown. */
  readonly story: string;
}

/** Calls of the past happened so many times faster than they look. */
const hurry = 120;
const pastSeconds = 14;
const stepMs = 1_200;
/** Numbers that are set aside for stories. */
const outside = (index: number): string => `+447700900${String(100 + index * 7)}`;

/** Four offices with a morning behind them, and calls that go on. */
export async function openOffices(): Promise<Offices> {
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(
    await ConsoleLab.open({
      name: 'Porto',
      steersSimulator: true,
      simulator: { extensions: 48, firstExtension: 1101, seed: 7 },
      // Braga shall soon have refused us often enough.
      settings: { TRUNKLINE_RETRY_ASTERISK_CREDENTIALS: '1s' },
    }),
  );
  const porto = { pbx: lab.fleet.pbx, simulator: lab.fleet.simulator };
  const lisbon = await lab.fleet.addPbx('Lisbon', {
    dialect: 'yeastar',
    extensions: 21,
    firstExtension: 2001,
  });
  const faro = await lab.fleet.addPbx('Faro', { dialect: 'yeastar', extensions: 14, firstExtension: 3001 });
  const braga = await lab.fleet.addPbx('Braga', {
    dialect: 'asterisk-ari',
    extensions: 7,
    firstExtension: 4001,
  });
  await untilNothing(() => notConnected(lab), 'the links are up');
  await livePast(lab, [porto, lisbon, braga]);
  const story = await tellStory(lab, faro);
  await livePresent(lab, { porto, lisbon, faro, braga });
  const mine = porto.simulator.control.place({ kind: 'inbound', from: outside(9), to: myPhone });
  const everything = stack.move();
  return {
    lab,
    porto,
    lisbon,
    faro,
    braga,
    mine,
    story,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function notConnected(lab: ConsoleLab): Promise<string[]> {
  const rows = await lab.fleet.rows(
    `select p.name from pbx p left join pbx_link l on l.pbx_id = p.id where l.state is distinct from 'live'`,
  );
  return rows.map((row) => String(row['name']));
}

/** Quick calls, whose times are drawn out afterwards. */
async function livePast(lab: ConsoleLab, offices: readonly Office[]): Promise<void> {
  const shares = {
    noAnswer: 0.12,
    busy: 0.07,
    abandoned: 0.06,
    rejected: 0.03,
    recorded: 0.3,
    transfer: 0.1,
  };
  for (const [index, { simulator }] of offices.entries())
    simulator.control.traffic({
      callsPerSecond: 4 - index,
      talkMs: [20_000, 400_000],
      pace: hurry,
      ...shares,
    });
  await sleep(pastSeconds * 1_000);
  for (const { simulator } of offices) await simulator.control.settle();
  for (const { simulator } of offices) simulator.control.traffic(null);
  await untilNothing(() => openCalls(lab), 'the past is over');
  const drawnOut = (column: string) => `${column} = now() - (now() - ${column}) * ${hurry}`;
  await lab.fleet.rows(
    `update call set talk_told = null, ${['started_at', 'answered_at', 'ended_at'].map(drawnOut).join(', ')}`,
  );
}

async function openCalls(lab: ConsoleLab): Promise<string[]> {
  const rows = await lab.fleet.rows(`select call_key from call where status <> 'ended'`);
  return rows.map((row) => String(row['call_key']));
}

/** A call that was held, was lost with its link, and turned out to be alive. */
async function tellStory(lab: ConsoleLab, { simulator, pbx }: Office): Promise<string> {
  const { control } = simulator;
  const call = control.place({ kind: 'inbound', from: outside(3), to: '3004' });
  const steps = [
    () => call.ring(),
    () => call.answer(),
    () => call.hold('3004'),
    () => call.resume('3004'),
    () => control.fault({ kind: 'drop', how: 'reset' }),
  ];
  for (const step of steps) {
    step();
    await sleep(stepMs);
  }
  const isBack = async (): Promise<string[]> => {
    const rows = await lab.fleet.rows(`select status from call where pbx_id = $1 and call_key = $2`, [
      pbx,
      call.key,
    ]);
    return rows[0]?.['status'] === 'connected' ? [] : ['it is not back'];
  };
  await untilNothing(isBack, 'the call has come back');
  await sleep(stepMs);
  call.hangUp('3004');
  return call.key;
}

/** Who talks now, in numbers inside their office, and for how many seconds. */
const talks: readonly (readonly [number, number])[] = [
  [2, 277],
  [5, 84],
  [8, 1_340],
  [11, 19],
  [14, 455],
  [17, 612],
  [20, 131],
];

const later = (list: typeof talks, seconds: number): typeof talks =>
  list.map(([number, ago]) => [number, ago + seconds]);

interface Present {
  readonly call: CallHandle;
  readonly seconds: number;
}

async function livePresent(
  lab: ConsoleLab,
  { porto, lisbon, faro, braga }: Pick<Offices, 'porto' | 'lisbon' | 'faro' | 'braga'>,
): Promise<void> {
  const calls: Present[] = [
    ...talk(porto, 1_100, talks),
    ...talk(porto, 1_122, later(talks.slice(0, 6), 61)),
    ...talk(lisbon, 2_000, later(talks.slice(1, 5), 173)),
    ...talk(faro, 3_000, later(talks.slice(0, 3), 322)),
    ...talk(braga, 4_000, later(talks.slice(0, 1), 95)),
  ];
  calls[4]?.call.hold('1114');
  const between = porto.simulator.control.place({ kind: 'internal', from: '1106', to: '1109' });
  between.ring();
  between.answer();
  const ringing = ring(porto, '1112', 5);
  const waiting = ring(lisbon, '2016', 6);
  calls.push({ call: between, seconds: 208 }, { call: ringing, seconds: 7 }, { call: waiting, seconds: 38 });
  for (const [office, busy, away] of [
    [porto, ['1118', '1135'], ['1115', '1116', '1140', '1147']],
    [lisbon, ['2004'], ['2009', '2020']],
    [faro, [], ['3013']],
  ] as const) {
    for (const number of busy) office.simulator.control.doNotDisturb(number, true);
    for (const number of away) office.simulator.control.register(number, false);
  }
  await untilNothing(() => unseen(lab, calls), 'the calls are known');
  for (const { call, seconds } of calls)
    await lab.fleet.rows(
      `update call set started_at = started_at - $2 * interval '1 second', answered_at = answered_at - $2 * interval '1 second'
       where call_key = $1`,
      [call.key, seconds],
    );
  // Nobody has been at his phone since the same second.
  await lab.fleet.rows(
    `update extension set last_seen_at = last_seen_at - (number::int * 37 % 53) * interval '71 seconds'
       - case status when 'offline' then interval '14 hours' else interval '0' end`,
  );
}

function talk(office: Office, from: number, list: typeof talks): Present[] {
  return list.map(([number, seconds]) => {
    const call = ring(office, String(from + number), number);
    call.answer();
    return { call, seconds };
  });
}

function ring({ simulator }: Office, to: string, caller: number): CallHandle {
  const call = simulator.control.place({ kind: 'inbound', from: outside(caller), to });
  call.ring();
  return call;
}

async function unseen(lab: ConsoleLab, calls: readonly Present[]): Promise<string[]> {
  const known = new Set(await openCalls(lab));
  return calls.map(({ call }) => call.key).filter((key) => !known.has(key));
}
