import type { EndCause } from '../../contract/ledger.ts';
import { OrderError } from '../../telephony/desk.ts';
import { deviceStateOf } from '../../telephony/phone.ts';
import { ENTITY_ID, SYSTEM_NAME, VERSION } from '../asterisk/asterisk-words.ts';
import { originate } from '../asterisk/originations.ts';
import type { DialectContext } from '../dialect.ts';
import { recordingAnswer, type RecordingAnswer } from '../recording-answer.ts';
import { applicationModel, readSources, type Application, type Applications } from './applications.ts';
import { bridgeModel, channelModel, endpointModel, splitFile, timestamp } from './models.ts';

export interface RouteContext extends DialectContext {
  readonly applications: Applications;
}

export interface Ask {
  /** What stands in the path in the places of the pattern's groups, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Told {
  readonly status: number;
  /** In place of a body. */
  readonly file?: RecordingAnswer;
  readonly body?: unknown;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** A list that a client takes its snapshot from. */
  readonly isList?: boolean;
  readonly handle: (context: RouteContext, ask: Ask) => Told;
}

const ok = (body: unknown): Told => ({ status: 200, body });
const no = (status: number, message: string): Told => ({ status, body: { message } });
const noChannel = no(404, 'Channel not found');

export const routes: readonly Route[] = [
  {
    method: 'GET',
    pattern: /^asterisk\/ping$/,
    handle: ({ clock }) => ok({ asterisk_id: ENTITY_ID, ping: 'pong', timestamp: timestamp(clock.now()) }),
  },
  { method: 'GET', pattern: /^asterisk\/info$/, handle: info },
  {
    method: 'GET',
    pattern: /^channels$/,
    isList: true,
    handle({ exchange, clock, tallies }) {
      tallies.snapshots += 1;
      return ok([...exchange.board.legs.values()].map((leg) => channelModel(leg, clock.at)));
    },
  },
  { method: 'POST', pattern: /^channels$/, handle: originateChannel },
  { method: 'POST', pattern: /^channels\/([^/]+)$/, handle: originateChannel },
  {
    method: 'GET',
    pattern: /^channels\/([^/]+)$/,
    handle({ exchange, clock }, { parts: [id = ''] }) {
      const leg = exchange.board.legs.get(id);
      return leg === undefined ? noChannel : ok(channelModel(leg, clock.at));
    },
  },
  { method: 'DELETE', pattern: /^channels\/([^/]+)$/, handle: hangUpChannel },
  {
    method: 'GET',
    pattern: /^channels\/([^/]+)\/variable$/,
    handle({ exchange }, { parts: [id = ''], query }) {
      const leg = exchange.board.legs.get(id);
      if (leg === undefined) return noChannel;
      const isLinkedId = query.get('variable') === 'CHANNEL(linkedid)';
      return isLinkedId ? ok({ value: leg.call.key }) : no(404, 'Provided variable was not found');
    },
  },
  {
    method: 'GET',
    pattern: /^bridges$/,
    isList: true,
    handle: ({ exchange, clock }) =>
      ok([...exchange.board.bridges].map((bridge) => bridgeModel(bridge, clock.at))),
  },
  {
    method: 'GET',
    pattern: /^bridges\/([^/]+)$/,
    handle({ exchange, clock }, { parts: [id] }) {
      const bridge = [...exchange.board.bridges].find((one) => one.id === id);
      return bridge === undefined ? no(404, 'Bridge not found') : ok(bridgeModel(bridge, clock.at));
    },
  },
  { method: 'GET', pattern: /^endpoints(?:\/PJSIP)?$/, isList: true, handle: endpoints },
  {
    method: 'GET',
    pattern: /^endpoints\/PJSIP\/([^/]+)$/,
    handle({ exchange }, { parts: [number = ''] }) {
      const phone = exchange.phones.get(number);
      return phone === undefined ? no(404, 'Endpoint not found') : ok(endpointModel(phone));
    },
  },
  // Only states that ARI itself keeps are listed here, never those of phones.
  { method: 'GET', pattern: /^deviceStates$/, handle: () => ok([]) },
  {
    method: 'GET',
    pattern: /^deviceStates\/(.+)$/,
    handle({ exchange }, { parts: [name = ''] }) {
      const phone = exchange.phones.get(name.replace('PJSIP/', ''));
      return ok({ name, state: phone === undefined ? 'INVALID' : deviceStateOf(phone) });
    },
  },
  {
    method: 'POST',
    pattern: /^events\/user\/([^/]+)$/,
    handle: ({ applications }, { parts: [eventname = ''], query, body }) => {
      const name = query.get('application');
      if (name === null) return no(400, 'Missing parameter application');
      const application = applications.find(name);
      if (application === undefined) return no(404, 'Application not found');
      const variables =
        typeof body === 'object' && body !== null && 'variables' in body ? body.variables : {};
      const userevent = { ...(typeof variables === 'object' ? variables : {}), eventname };
      application.holder?.push(name, 'ChannelUserevent', { eventname, userevent });
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    pattern: /^applications$/,
    handle: ({ applications }) => ok(applications.all.map(applicationModel)),
  },
  {
    method: 'GET',
    pattern: /^applications\/([^/]+)$/,
    handle: (context, ask) => withApplication(context, ask, () => null),
  },
  {
    method: 'POST',
    pattern: /^applications\/([^/]+)\/subscription$/,
    handle: (context, ask) =>
      withApplication(context, ask, ({ subscriptions }) => {
        const sources = readSources(ask.query.get('eventSource'));
        if (sources === null) return no(400, 'Missing parameter eventSource');
        for (const source of sources) subscriptions.add(source);
        return null;
      }),
  },
  {
    method: 'DELETE',
    pattern: /^applications\/([^/]+)\/subscription$/,
    handle: (context, ask) =>
      withApplication(context, ask, ({ subscriptions }) => {
        for (const source of readSources(ask.query.get('eventSource')) ?? []) subscriptions.delete(source);
        return null;
      }),
  },
  {
    method: 'PUT',
    pattern: /^applications\/([^/]+)\/eventFilter$/,
    handle: (context, ask) =>
      withApplication(context, ask, (application) => {
        const body = typeof ask.body === 'object' && ask.body !== null ? ask.body : {};
        application.allowed = typesIn('allowed' in body ? body.allowed : []);
        application.disallowed = typesIn('disallowed' in body ? body.disallowed : []);
        return null;
      }),
  },
  {
    method: 'GET',
    pattern: /^recordings\/stored$/,
    handle: (context) => ok(filesOf(context).map(splitFile)),
  },
  {
    method: 'GET',
    pattern: /^recordings\/stored\/([^/]+)\/file$/,
    handle: (context, { parts: [name] }) => {
      const how = context.faults.get('recordings')?.how;
      if (how === 'expired') return no(403, 'Forbidden');
      const isStored = how !== 'missing' && filesOf(context).some((file) => splitFile(file).name === name);
      return isStored
        ? { status: 200, file: recordingAnswer(context.faults) }
        : no(404, 'Recording not found');
    },
  },
];

/** The files of calls that were recorded and are over. */
const filesOf = ({ exchange }: RouteContext): string[] =>
  exchange
    .ledger()
    .calls.flatMap(({ recording, endedAt }) => (recording === null || endedAt === null ? [] : [recording]));

function info({ clock }: RouteContext, { query }: Ask): Told {
  const started = timestamp(clock.startedAt());
  const all: Record<string, object> = {
    build: {
      os: 'Linux',
      kernel: '6.1.0',
      machine: 'x86_64',
      options: 'OPTIONAL_API',
      date: '',
      user: 'root',
    },
    system: { version: VERSION, entity_id: ENTITY_ID },
    config: { name: SYSTEM_NAME, default_language: 'en', setid: { user: '', group: '' } },
    status: { startup_time: started, last_reload_time: started },
  };
  const only = query.get('only');
  return ok(only === null ? all : { [only]: all[only] ?? {} });
}

function endpoints({ exchange }: RouteContext): Told {
  const trunk = exchange.board.trunk;
  const legs = [...exchange.board.legs.values()].filter((leg) => leg.extension === null);
  return ok([
    ...[...exchange.phones.values()].map(endpointModel),
    { technology: 'PJSIP', resource: trunk, state: 'online', channel_ids: legs.map((leg) => leg.id) },
  ]);
}

const SECONDS = 1_000;
const TIMEOUT_SECONDS = 30;

function originateChannel(context: RouteContext, { parts, query, body }: Ask): Told {
  const { exchange, clock } = context;
  const inBody: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? { ...body } : {};
  const read = (name: string): string | undefined => {
    const value = query.get(name) ?? inBody[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const endpoint = read('endpoint');
  const id = parts[0] ?? read('channelId');
  if (endpoint === undefined) return no(400, 'Endpoint must be specified');
  if (id !== undefined && exchange.board.legs.has(id))
    return no(409, 'Channel with given unique ID already exists');
  const timeout = Number(read('timeout') ?? TIMEOUT_SECONDS);
  const call = originate(context, {
    channel: endpoint,
    exten: read('extension') ?? '',
    id,
    callerName: /^"?([^"<]*?)"?\s*</.exec(read('callerId') ?? '')?.[1],
    timeoutMs: (timeout > 0 ? timeout : TIMEOUT_SECONDS) * SECONDS,
  });
  const leg = call?.legs[0];
  return leg === undefined ? no(500, 'Allocation failed') : ok(channelModel(leg, clock.at));
}

const reasons: Readonly<Record<string, EndCause>> = {
  busy: 'busy',
  congestion: 'congestion',
  no_answer: 'no_answer',
  timeout: 'no_answer',
  rejected: 'rejected',
};

function hangUpChannel({ exchange }: RouteContext, { parts: [id = ''], query }: Ask): Told {
  const leg = exchange.board.legs.get(id);
  if (leg === undefined) return noChannel;
  try {
    exchange.hangUpLeg(leg, { cause: reasons[query.get('reason') ?? ''] });
  } catch (error) {
    if (error instanceof OrderError) return no(409, error.message);
    throw error;
  }
  return { status: 204 };
}

/** Changes an application and shows it as it is then. */
function withApplication(
  { applications }: RouteContext,
  { parts: [name = ''] }: Ask,
  change: (application: Application) => Told | null,
): Told {
  const application = applications.find(name);
  if (application === undefined) return no(404, 'Application not found');
  return change(application) ?? ok(applicationModel(application));
}

function typesIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => {
    const isFilter = typeof one === 'object' && one !== null && 'type' in one && typeof one.type === 'string';
    return isFilter ? [String(one.type)] : [];
  });
}
