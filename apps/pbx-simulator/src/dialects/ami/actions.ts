import type { EndCause } from '../../contract/ledger.ts';
import type { Leg } from '../../telephony/leg.ts';
import { OrderError } from '../../telephony/desk.ts';
import { VERSION } from '../asterisk/asterisk-words.ts';
import { originate } from '../asterisk/originations.ts';
import type { DialectContext } from '../dialect.ts';
import { hintRow, statusRow, type List } from './lists.ts';
import type { AmiMessage, Headers } from './message.ts';

/** What an action is answered with: headers after Response and ActionID, or a list. */
export type ActionResult =
  | { readonly kind: 'success' | 'error'; readonly headers: Headers }
  | { readonly kind: 'list'; readonly list: List };

export interface ActionContext extends DialectContext {
  /** Tells later how an originated call went. */
  readonly watchOrigination: (key: string | null, message: AmiMessage) => void;
}

type Action = (context: ActionContext, message: AmiMessage) => ActionResult;

const success = (...headers: Headers): ActionResult => ({ kind: 'success', headers });
const failure = (message: string): ActionResult => ({ kind: 'error', headers: [['Message', message]] });

/** The actions of a session that has logged in, but for lists and those that change the session itself. */
export const actions: Readonly<Record<string, Action>> = {
  ping({ clock, tallies }) {
    tallies.heartbeats += 1;
    return success(['Ping', 'Pong'], ['Timestamp', (clock.now() / 1000).toFixed(6)]);
  },
  corestatus({ clock, exchange }) {
    const [date = '', time = ''] = new Date(clock.startedAt()).toISOString().slice(0, 19).split('T');
    return success(
      ['CoreStartupDate', date],
      ['CoreStartupTime', time],
      ['CoreReloadDate', date],
      ['CoreReloadTime', time],
      ['CoreCurrentCalls', exchange.board.legs.size],
      ['CoreProcessedCalls', exchange.tally.placed],
    );
  },
  coresettings: () =>
    success(
      ['AMIversion', '11.0.0'],
      ['AsteriskVersion', VERSION],
      ['CoreMaxCalls', 0],
      ['CoreMaxLoadAvg', '0.000000'],
      ['CoreRunUser', ''],
      ['CoreRunGroup', ''],
      ['CoreMaxFilehandles', 0],
      ['CoreRealTimeEnabled', 'No'],
      ['CoreCDRenabled', 'Yes'],
      ['CoreHTTPenabled', 'No'],
    ),
  status({ exchange, clock }, message) {
    const channel = message.get('channel') ?? '';
    const all = [...exchange.board.legs.values()];
    const legs = channel === '' ? all : all.filter((leg) => leg.channel === channel || leg.id === channel);
    if (channel !== '' && legs.length === 0) return failure('No such channel');
    const rows = legs.map((leg) => statusRow(leg, clock.now() - clock.at(leg.createdAt)));
    return {
      kind: 'list',
      list: { message: 'Channel status will follow', complete: 'StatusComplete', rows },
    };
  },
  extensionstate({ exchange }, message) {
    const phone = exchange.phones.get(message.get('exten') ?? '');
    if (phone === undefined)
      return success(['Message', 'Extension Status'], ['Status', -1], ['StatusText', 'Unknown']);
    return success(['Message', 'Extension Status'], ...hintRow(phone).slice(1));
  },
  originate(context, message) {
    const { exchange } = context;
    const channel = message.get('channel') ?? '';
    const id = message.get('channelid');
    if (channel === '') return failure('Channel not specified');
    if (id !== undefined && (exchange.board.legs.has(id) || exchange.open.has(id)))
      return failure('Originate failed: a channel with this ChannelId exists');
    const call = originate(context, {
      channel,
      exten: message.get('exten') ?? '',
      id,
      callerName: /^"?([^"<]*?)"?\s*</.exec(message.get('callerid') ?? '')?.[1],
      timeoutMs: Number(message.get('timeout') ?? 30_000),
    });
    context.watchOrigination(call?.key ?? null, message);
    return success(['Message', 'Originate successfully queued']);
  },
  hangup({ exchange }, message) {
    const legs = channelsNamed([...exchange.board.legs.values()], message.get('channel') ?? '');
    if (legs.length === 0) return failure('No such channel');
    for (const leg of legs) {
      if (leg.ended) continue;
      try {
        exchange.hangUpLeg(leg, { cause: causeOf(message.get('cause')) });
      } catch (error) {
        if (!(error instanceof OrderError)) throw error;
        return failure('Could not hang up');
      }
    }
    return success(['Message', 'Channel Hungup']);
  },
  command: () => failure('Permission denied'),
};

/** A name, or a pattern between slashes. */
function channelsNamed(legs: readonly Leg[], name: string): Leg[] {
  const pattern = /^\/(.+)\/$/.exec(name)?.[1];
  if (pattern === undefined) return legs.filter((leg) => leg.channel === name);
  try {
    const expression = new RegExp(pattern);
    return legs.filter((leg) => expression.test(leg.channel));
  } catch {
    return [];
  }
}

const causes: Readonly<Record<string, EndCause>> = {
  '16': 'normal',
  '17': 'busy',
  '19': 'no_answer',
  '21': 'rejected',
  '34': 'congestion',
};

/** A call that a client ends before anybody answers counts as given up, unless it says why. */
function causeOf(q850: string | undefined): EndCause | undefined {
  const cause = causes[q850 ?? ''];
  return cause === 'normal' ? undefined : cause;
}
