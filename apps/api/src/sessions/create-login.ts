import cookies from '@fastify/cookie';
import type { Principal } from '@trunkline/access';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as openid from 'openid-client';
import fastifyPlugin from 'fastify-plugin';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import type { Area } from '../create-api.ts';
import { Problem, retryAfter } from '../http/problem.ts';
import { messagePage, pagePolicy } from './page.ts';
import type { Sessions } from './sessions.ts';

export interface LoginOptions {
  readonly context: ApiContext;
  readonly sessions: Sessions;
  readonly publicUrl: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly scope: string;
}

const purpose = 'login';
const flowCookie = 'trunkline-login';

/** Somebody who takes longer begins anew. */
const flowMs = 10 * 60_000;
const providerSeconds = 5;

const flowSchema = v.object({ state: v.string(), nonce: v.string(), verifier: v.string(), to: v.string() });

/** Signs people in at the identity provider: code flow with PKCE, state and nonce, each kept in a sealed cookie meanwhile. */
export function createLogin(options: LoginOptions): Area {
  const { context, sessions, publicUrl, scope } = options;
  const provider = providerOf(options);
  const redirect = new URL('/login/callback', publicUrl).href;

  async function begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { to } = request.query as { to?: unknown };
    const flow = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
      to: ownPath(to),
    };
    const url = openid.buildAuthorizationUrl(await provider(), {
      redirect_uri: redirect,
      scope,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    });
    const sealed = await sessions.seal.seal(purpose, flow, flowMs);
    // Lax, since the way back begins at the provider.
    const attributes = {
      ...sessions.cookie,
      httpOnly: true,
      sameSite: 'lax',
      maxAge: flowMs / 1_000,
    } as const;
    return reply.setCookie(flowCookie, sealed, attributes).redirect(url.href, 302);
  }

  async function finish(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    void reply.clearCookie(flowCookie, sessions.cookie);
    const flow = v.safeParse(
      flowSchema,
      await sessions.seal.open(purpose, request.cookies[flowCookie] ?? ''),
    );
    if (!flow.success) return retry(reply, 'You took too long, or began in another browser.');
    let principal: Principal;
    try {
      const { state, nonce, verifier } = flow.output;
      const tokens = await openid.authorizationCodeGrant(await provider(), new URL(request.url, publicUrl), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      principal = await context.verifier.verify(tokens.access_token);
    } catch (error) {
      context.logger.warn({ err: error }, 'somebody could not be signed in');
      return retry(reply, 'The identity provider did not vouch for you.');
    }
    await sessions.begin(reply, principal);
    // A redirect from here would count as coming from the provider, and the new cookie would stay behind.
    const link = { to: flow.output.to, says: 'Go on' };
    return page(
      reply,
      200,
      messagePage({ title: 'Signed in', text: `Hello ${principal.user}.`, link, goOn: true }),
    );
  }

  const login = async (app: FastifyInstance): Promise<void> => {
    await app.register(cookies);
    app.route({ method: 'GET', url: '/login', handler: begin });
    app.route({ method: 'GET', url: '/login/callback', handler: finish });
    app.post('/logout', async (request, reply) => {
      const session = await sessions.read(request);
      if (session !== null) {
        sessions.refuseForeign(request, session);
        await takeBack(context, session.principal);
      }
      sessions.end(reply);
      return reply.status(204).send();
    });
  };
  // Cookies are read by the areas beside it as well.
  return fastifyPlugin(login);
}

/** Whoever has kept a copy of the cookie is signed out as well. */
async function takeBack({ revocations }: ApiContext, { tenant, tokenId }: Principal): Promise<void> {
  if (tokenId !== null) await revocations.revokeTokens({ tenant, tokenId, at: Date.now() });
}

/** Asked when first needed and kept, so that the API starts while the provider is away. */
function providerOf({ issuer, clientId, clientSecret }: LoginOptions): () => Promise<openid.Configuration> {
  let known: openid.Configuration | undefined;
  return async () => {
    try {
      return (known ??= await openid.discovery(
        new URL(issuer),
        clientId,
        clientSecret === undefined ? undefined : { client_secret: clientSecret },
        clientSecret === undefined ? openid.None() : undefined,
        {
          timeout: providerSeconds,
          // The settings allow that on this machine only.
          execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
        },
      ));
    } catch (error) {
      throw new Problem('unavailable', "The identity provider can't be reached just now; try again soon", {
        cause: error,
        headers: retryAfter(5_000),
      });
    }
  };
}

/** Nobody is sent to another site by a link to this one. */
const ownPath = (to: unknown): string =>
  typeof to === 'string' && /^\/(?![/\\])[\w/?=&%.~-]{0,500}$/.test(to) ? to : '/operations';

const retry = (reply: FastifyReply, text: string): FastifyReply =>
  page(reply, 400, messagePage({ title: 'Not signed in', text, link: { to: '/login', says: 'Try again' } }));

const page = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply
    .status(status)
    .header('content-security-policy', pagePolicy)
    .type('text/html; charset=utf-8')
    .send(html);
