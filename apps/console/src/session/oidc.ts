import * as oauth from 'oauth4webapi';
import type { Config } from './config.ts';

/** Loaded when somebody signs in or a token is renewed, so that the first picture does not wait for it. */

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** By `performance.now()`. */
  readonly expiresAt: number;
}

/** What is remembered of a sign-in that is under way, in this tab only. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly silently: boolean;
}

/** `interaction_required`: the provider knows the person, and has to show them something first. */
export type SignInProblem = 'login_required' | 'interaction_required' | 'refused' | 'unreachable';

export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly problem: SignInProblem;

  constructor(problem: SignInProblem, options?: ErrorOptions) {
    super(`sign-in: ${problem}`, options);
    this.problem = problem;
  }
}

/** A provider that says nothing gets tokens renewed after this. */
const lifeSecondsDefault = 300;

const redirectUri = (): string => `${location.origin}/signed-in`;
const clientOf = ({ clientId }: Config): oauth.Client => ({ client_id: clientId });

/** Plain HTTP counts on this machine only: nobody is on the way. */
function optionsFor(url: string) {
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return { [oauth.allowInsecureRequests]: protocol === 'http:' && isLoopback };
}

async function discover({ issuer }: Config): Promise<oauth.AuthorizationServer> {
  try {
    const url = new URL(issuer);
    const response = await oauth.discoveryRequest(url, { algorithm: 'oidc', ...optionsFor(issuer) });
    return await oauth.processDiscoveryResponse(url, response);
  } catch (cause) {
    throw new SignInError('unreachable', { cause });
  }
}

/** Where to send the browser, and what to remember meanwhile. `silently`: without asking the person anything. */
export async function beginSignIn(
  config: Config,
  { returnTo, silently }: { readonly returnTo: string; readonly silently: boolean },
): Promise<{ readonly url: string; readonly pending: Pending }> {
  const server = await discover(config);
  const pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    returnTo,
    silently,
  };
  const url = new URL(server.authorization_endpoint ?? '');
  const wanted = {
    client_id: config.clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: config.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(silently ? { prompt: 'none' } : {}),
  };
  for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
  return { url: url.href, pending };
}

/** The browser has come back: the code that it brought becomes tokens. */
export async function finishSignIn(config: Config, callback: URL, pending: Pending): Promise<Tokens> {
  const server = await discover(config);
  const client = clientOf(config);
  try {
    const parameters = oauth.validateAuthResponse(server, client, callback, pending.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri(),
      pending.verifier,
      optionsFor(config.issuer),
    );
    const answer = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: pending.nonce,
      requireIdToken: true,
    });
    return tokensOf(answer, null);
  } catch (cause) {
    throw problemOf(cause);
  }
}

export async function renew(config: Config, { refreshToken, idToken }: Tokens): Promise<Tokens> {
  if (refreshToken === null) throw new SignInError('login_required');
  const server = await discover(config);
  const client = clientOf(config);
  try {
    const options = optionsFor(config.issuer);
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      options,
    );
    return tokensOf(await oauth.processRefreshTokenResponse(server, client, response), {
      refreshToken,
      idToken,
    });
  } catch (cause) {
    throw problemOf(cause);
  }
}

/** Where the browser ends the session with the provider; null where the provider has no such place. */
export async function signOutUrl(config: Config, { idToken }: Tokens): Promise<string | null> {
  const { end_session_endpoint: endpoint } = await discover(config);
  if (endpoint === undefined) return null;
  const url = new URL(endpoint);
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('post_logout_redirect_uri', `${location.origin}/`);
  if (idToken !== null) url.searchParams.set('id_token_hint', idToken);
  return url.href;
}

function tokensOf(
  answer: oauth.TokenEndpointResponse,
  before: Pick<Tokens, 'refreshToken' | 'idToken'> | null,
): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    idToken: answer.id_token ?? before?.idToken ?? null,
    expiresAt: performance.now() + (answer.expires_in ?? lifeSecondsDefault) * 1_000,
  };
}

const problems: Readonly<Record<string, SignInProblem>> = {
  login_required: 'login_required',
  account_selection_required: 'login_required',
  interaction_required: 'interaction_required',
  consent_required: 'interaction_required',
};

function problemOf(cause: unknown): SignInError {
  if (cause instanceof SignInError) return cause;
  if (cause instanceof oauth.AuthorizationResponseError) {
    return new SignInError(problems[cause.error] ?? 'refused', { cause });
  }
  if (cause instanceof oauth.ResponseBodyError) {
    return new SignInError(cause.status >= 500 ? 'unreachable' : 'login_required', { cause });
  }
  // What fetch throws when nobody answers.
  return new SignInError(cause instanceof TypeError ? 'unreachable' : 'refused', { cause });
}
