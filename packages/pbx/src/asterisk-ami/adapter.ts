import type { ConnectContext, PbxAdapter, PbxConnection, PbxIdentity } from '../port/connection.ts';
import { LinkError, RefusalError } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import { dial } from '../transport/dial.ts';
import { placeOf } from '../transport/endpoint.ts';
import { closedError } from '../transport/link-errors.ts';
import { AmiConnection } from './connection.ts';
import { headerOf } from './header.ts';
import { logIn } from './login.ts';

/** Asterisk's manager interface over TCP or TLS. */
export const asteriskAmi: PbxAdapter = { vendor: 'asterisk-ami', connect };

async function connect(target: PbxTarget, context: ConnectContext): Promise<PbxConnection> {
  const { signal, timing, onPhase } = context;
  onPhase('connecting');
  const socket = await dial(target, { signal, timeoutMs: timing.dialMs });
  const connection = new AmiConnection({ target, context, socket });
  try {
    await within(connection, target, context, connection.greeted, {
      fault: { kind: 'protocol' },
      problem: 'did not greet as a call manager does. Check vendor and port.',
    });
    onPhase('authenticating');
    await logIn(connection.actions, target.credential, signal);
    onPhase('subscribing');
    await within(connection, target, context, connection.booted, {
      fault: { kind: 'starting' },
      problem:
        "did not say that it is fully booted: it is still starting, or our user's read permission lacks system.",
    });
    connection.identity = await askIdentity(connection, signal);
    if (connection.error !== null) throw connection.error;
    connection.start();
    return connection;
  } catch (error) {
    const reason = signal.aborted ? closedError(target) : connection.faultOf(error);
    await connection[Symbol.asyncDispose]();
    throw reason;
  }
}

interface Expectation {
  readonly fault: LinkError['fault'];
  readonly problem: string;
}

/** Waits for what the PBX says of itself, for as long as for an answer. */
async function within(
  connection: AmiConnection,
  target: PbxTarget,
  { signal, timing }: ConnectContext,
  promise: Promise<void>,
  { fault, problem }: Expectation,
): Promise<void> {
  const deadline = AbortSignal.timeout(timing.answerMs);
  const over = AbortSignal.any([signal, connection.lifetime, deadline]);
  await new Promise<void>((resolve, reject) => {
    const give = (): void => {
      if (connection.error !== null) reject(connection.error);
      else if (signal.aborted) reject(closedError(target));
      else reject(new LinkError(fault, `${placeOf(target)} ${problem}`));
    };
    if (over.aborted) give();
    over.addEventListener('abort', give, { once: true });
    void promise.then(resolve);
  });
}

/** Events of the classes we asked for that we would skip all the same. */
const filters = [
  'VarSet',
  'Newexten',
  'NewConnectedLine',
  'HangupRequest',
  'SoftHangupRequest',
  'MusicOnHold',
];

async function askIdentity(connection: AmiConnection, signal: AbortSignal): Promise<PbxIdentity> {
  const ask = (action: string, fields = {}): Promise<string | null> =>
    connection.actions.ask(action, fields, signal).catch((error: unknown) => {
      // A refusal is no reason to do without the link; the PBX works the same, and we know less of it.
      if (error instanceof RefusalError) return null;
      throw error;
    });
  const [settings, status, ...filtered] = await Promise.all([
    ask('CoreSettings'),
    ask('CoreStatus'),
    ...filters.map((event) => ask('Filter', { Operation: 'Add', Filter: `!Event: ${event}` })),
  ]);
  const version = settings === null ? '' : headerOf(settings, 'AsteriskVersion');
  return {
    product: version === '' ? 'Asterisk' : `Asterisk ${version}`,
    serial: null,
    startMark: status === null ? null : startMarkOf(status),
    warnings: filtered.includes(null) ? [noFilter] : [],
  };
}

function startMarkOf(status: string): string | null {
  const mark = `${headerOf(status, 'CoreStartupDate')} ${headerOf(status, 'CoreStartupTime')}`.trim();
  return mark === '' ? null : mark;
}

const noFilter =
  "The PBX did not accept all event filters (our user's write permission lacks system), so it sends more than needed.";
