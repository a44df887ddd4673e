import type { ConnectContext, PbxAdapter, PbxConnection, PbxIdentity } from '../port/connection.ts';
import { LinkError } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import { placeOf } from '../transport/endpoint.ts';
import { openWebSocket, UpgradeRefusedError } from '../transport/open-web-socket.ts';
import { AriConnection } from './connection.ts';
import { AriRest, faultOfStatus, remedyOf } from './rest.ts';
import { ensureSubscribed, setFilter } from './subscription.ts';
import { clockOffset } from './time.ts';

/** One socket may hold an application; whoever connects with the same name takes it over. */
const APPLICATION = 'trunkline';

/** Asterisk's REST interface and its events over a WebSocket. */
export const asteriskAri: PbxAdapter = { vendor: 'asterisk-ari', connect };

async function connect(target: PbxTarget, context: ConnectContext): Promise<PbxConnection> {
  const { signal, timing, now, onPhase } = context;
  const rest = new AriRest(target, timing.answerMs);
  const application = target.options.application ?? APPLICATION;
  onPhase('authenticating');
  const info = await rest.ask('GET', ['asterisk', 'info'], { signal });
  if (info.status !== 200) throw refusalOf(target, info.status);
  const identity = identityOf(target, info.body);
  onPhase('connecting');
  const socket = await openEvents(target, rest, application, context);
  const clockOffsetMs = clockOffset(info.date, now());
  const connection = new AriConnection({ target, context, rest, socket, application, clockOffsetMs });
  try {
    onPhase('subscribing');
    await ensureSubscribed(rest, application, signal);
    const filtered = await setFilter(rest, application, signal);
    if (connection.error !== null) throw connection.error;
    connection.identity = filtered ? identity : { ...identity, warnings: [noFilter] };
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error instanceof LinkError
      ? error
      : new LinkError({ kind: 'protocol' }, String(error), { cause: error });
  }
}

const noFilter = 'The PBX did not accept the event filter, so it sends several times as much as needed.';

async function openEvents(target: PbxTarget, rest: AriRest, application: string, context: ConnectContext) {
  const { signal, timing } = context;
  try {
    return await openWebSocket(target, {
      path: rest.path(['events'], { app: application, subscribeAll: 'true' }),
      headers: { authorization: rest.authorization },
      signal,
      timeoutMs: timing.dialMs + timing.answerMs,
    });
  } catch (error) {
    throw error instanceof UpgradeRefusedError ? refusalOf(target, error.status, error) : error;
  }
}

function refusalOf(target: PbxTarget, status: number, cause?: unknown): LinkError {
  const fault = faultOfStatus(status) ?? { kind: 'protocol' };
  const text = `${placeOf(target)} refuses ARI with HTTP ${status}${remedyOf(fault)}`;
  return new LinkError(fault, text, { cause });
}

interface Info {
  readonly system?: { readonly version?: unknown; readonly entity_id?: unknown };
  readonly status?: { readonly startup_time?: unknown };
}

function identityOf(target: PbxTarget, body: unknown): PbxIdentity {
  const info: Info | null = typeof body === 'object' ? body : null;
  if (info === null || typeof info.system !== 'object')
    throw new LinkError(
      { kind: 'protocol' },
      `${placeOf(target)} answers, but not as ARI does. Check vendor and port.`,
    );
  const { version, entity_id: serial } = info.system;
  const startMark = info.status?.startup_time;
  return {
    product: typeof version === 'string' ? `Asterisk ${version}` : 'Asterisk',
    serial: typeof serial === 'string' ? serial : null,
    startMark: typeof startMark === 'string' ? startMark : null,
    warnings: [],
  };
}
