import type { ConnectContext, PbxAdapter, PbxIdentity } from '../port/connection.ts';
import { LinkError } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import { askIdentity } from './ask-identity.ts';
import type { ApiSite } from './call-api.ts';
import { YeastarConnection } from './connection.ts';
import { openSocket } from './open-socket.ts';
import { PbxClock } from './pbx-clock.ts';
import { readMonitorWarnings } from './read-identity.ts';
import { Rest } from './rest.ts';
import { subscribe } from './subscribe.ts';
import { Tokens } from './tokens.ts';

/** Yeastar P-Series, by its Open API: events over a WebSocket, all else over REST. */
export const yeastar: PbxAdapter = { vendor: 'yeastar', connect: connectYeastar };

export async function connectYeastar(target: PbxTarget, context: ConnectContext): Promise<YeastarConnection> {
  // What connecting starts ends with the attempt; once it has succeeded, only the link itself ends it.
  const life = new AbortController();
  const onAbort = (): void => life.abort();
  context.signal.addEventListener('abort', onAbort, { once: true });
  if (context.signal.aborted) life.abort();
  try {
    return await open(target, context, life);
  } catch (error) {
    life.abort();
    if (context.signal.aborted)
      throw new LinkError({ kind: 'closed' }, 'Connecting was given up by us.', { cause: error });
    throw error instanceof LinkError ? error : unexpected(error);
  } finally {
    context.signal.removeEventListener('abort', onAbort);
  }
}

async function open(
  target: PbxTarget,
  context: ConnectContext,
  life: AbortController,
): Promise<YeastarConnection> {
  const { timing, logger, now, session: store, onPhase } = context;
  const endpoint = { address: target.address, trust: target.trust };
  const site: ApiSite = { endpoint, answerMs: timing.answerMs, clock: new PbxClock(), now };
  const { signal } = life;
  const tokens = new Tokens({ site, credential: target.credential, store, logger, signal });
  const rest = new Rest(site, tokens, signal);

  onPhase('authenticating');
  await tokens.open();
  const told = await askIdentity(rest, signal);
  const monitoring = readMonitorWarnings(rest, logger, signal);

  onPhase('connecting');
  const socket = await openSocket({ rest, tokens, timing, signal });
  const connection = new YeastarConnection(socket, { rest, tokens, life, timing, logger });
  const giveUp = (): void =>
    connection.fail(new LinkError({ kind: 'closed' }, 'Connecting was given up by us.'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    onPhase('subscribing');
    const warnings = [...(await subscribe(connection, site)), ...(await monitoring)];
    signal.throwIfAborted();
    connection.confirm({ ...told, warnings } satisfies PbxIdentity);
    return connection;
  } catch (error) {
    const failure = error instanceof LinkError ? error : unexpected(error);
    connection.fail(failure);
    throw failure;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const unexpected = (error: unknown): LinkError =>
  new LinkError({ kind: 'protocol' }, error instanceof Error ? error.message : 'Connecting failed.', {
    cause: error,
  });
