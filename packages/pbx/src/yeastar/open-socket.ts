import type { WebSocket } from 'ws';
import { LinkError } from '../port/fault.ts';
import type { LinkTiming } from '../port/connection.ts';
import { placeOf } from '../transport/endpoint.ts';
import { openWebSocket, UpgradeRefusedError } from '../transport/open-web-socket.ts';
import { OK, TOKEN_EXPIRED } from './api-faults.ts';
import { API_PATH, headers, parseAnswer } from './call-api.ts';
import { askIdentity } from './ask-identity.ts';
import { errorOf, type Rest } from './rest.ts';
import type { Tokens } from './tokens.ts';

interface SocketOptions {
  readonly rest: Rest;
  readonly tokens: Tokens;
  readonly timing: LinkTiming;
  readonly signal: AbortSignal;
}

/**
 * Opens the event socket. How the PBX refuses an upgrade is not documented, so whatever fails is judged by a cheap REST
 * call with the same token. If that call found the token bad and got another, the upgrade is tried once more.
 */
export async function openSocket(options: SocketOptions): Promise<WebSocket> {
  const token = await options.tokens.current();
  try {
    return await upgrade(options, token);
  } catch (error) {
    if (!needsJudgement(error)) throw error;
    await judge(options, error);
    const renewed = await options.tokens.current();
    if (renewed === token) throw refusedUpgrade(options.rest, error);
    return await upgrade(options, renewed).catch((again: unknown) => {
      throw refusedUpgrade(options.rest, again);
    });
  }
}

const upgrade = ({ rest, timing, signal }: SocketOptions, token: string): Promise<WebSocket> =>
  openWebSocket(rest.site.endpoint, {
    path: `${API_PATH}/subscribe?${new URLSearchParams({ access_token: token }).toString()}`,
    headers,
    signal,
    timeoutMs: timing.dialMs + timing.answerMs,
  });

/** Some PBXs cut the connection instead of answering, which looks like a network that is down. */
const needsJudgement = (error: unknown): boolean =>
  error instanceof UpgradeRefusedError || (error instanceof LinkError && error.fault.kind === 'unreachable');

/** Throws what the PBX says is wrong, in answer to the upgrade itself or to the REST call; returns where it says nothing. */
async function judge({ rest, signal }: SocketOptions, error: unknown): Promise<void> {
  await askIdentity(rest, signal);
  const answer = error instanceof UpgradeRefusedError ? parseAnswer(error.body) : null;
  const isTokenTrouble = answer?.errcode === TOKEN_EXPIRED;
  if (answer === null || answer.errcode === OK || isTokenTrouble) return;
  const told = errorOf(rest.site, 'subscribe', answer);
  if (told instanceof LinkError) throw told;
}

/** REST is fine and the upgrade is refused all the same. */
function refusedUpgrade({ site }: Rest, error: unknown): unknown {
  if (!(error instanceof UpgradeRefusedError)) return error;
  const { status } = error;
  const message = `${placeOf(site.endpoint)} refuses the event socket with HTTP ${status} although its API answers.`;
  if (status >= 500) return new LinkError({ kind: 'starting' }, message);
  if (status === 401 || status === 403)
    return new LinkError({ kind: 'forbidden' }, `${message} Check the permissions of the API application.`);
  return new LinkError({ kind: 'protocol' }, `${message} Check that the firmware is 37.7.0.16 or newer.`);
}
