import type { JWK } from 'jose';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { signingAlgorithm } from './signing-key.ts';
import { errorPage, signedOutPage, signOutPage, type Page } from './pages.ts';
import { claimsOf, personCalled, type Tenants } from './people.ts';

export interface ProviderOptions extends Tenants {
  readonly issuer: string;
  readonly audience: string;
  readonly redirects: readonly string[];
  readonly key: JWK;
  readonly cookieKey: string;
}

/** Everything that asks for a token gets one for our services; they need not name it. */
const resource = 'urn:trunkline:api';

export const tokenSeconds = 3_600;
const daySeconds = 86_400;

/** Public clients: a page in a browser and a program on this machine can't keep a secret. PKCE protects both. */
const clientIds = ['trunkline-console', 'trunkline-api'] as const;

export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configurationOf(options));
  provider.proxy = false;
  return provider;
}

function configurationOf(options: ProviderOptions): Configuration {
  const { audience, redirects, key, cookieKey } = options;
  return {
    clients: clientIds.map((id) => ({
      client_id: id,
      client_name: id,
      token_endpoint_auth_method: 'none' as const,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code' as const],
      redirect_uris: [...redirects],
      post_logout_redirect_uris: [
        ...new Set(redirects.flatMap((redirect) => placesAt(new URL(redirect).origin))),
      ],
      id_token_signed_response_alg: signingAlgorithm,
      // Otherwise plain HTTP and the loopback are refused.
      application_type: 'native' as const,
    })),
    jwks: { keys: [key] },
    cookies: { keys: [cookieKey] },
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', 'profile'],
    claims: { openid: ['sub'], profile: ['name', 'tenant', 'roles'] },
    conformIdTokenClaims: false,
    clientBasedCORS: () => true,
    findAccount: (_context, id) => {
      const person = personCalled(id, options);
      if (person === undefined) return undefined;
      return { accountId: person.id, claims: async () => ({ sub: person.id, ...claimsOf(person, options) }) };
    },
    extraTokenClaims: (_context, token) => {
      const person = 'accountId' in token ? personCalled(token.accountId, options) : undefined;
      return person && claimsOf(person, options);
    },
    loadExistingGrant: grantEverything,
    renderError: (context, { error, error_description: why = 'nothing more is known' }) =>
      show(context, errorPage(`${error}: ${why}`)),
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: tokenSeconds,
      AuthorizationCode: 60,
      Grant: daySeconds,
      IdToken: tokenSeconds,
      Interaction: 600,
      RefreshToken: daySeconds,
      Session: daySeconds,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => show(context, signOutPage(form)),
        postLogoutSuccessSource: (context) => show(context, signedOutPage()),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          // Roles say what somebody may do. Scopes are not for the asking: whoever can ask for any of them has all.
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenSeconds,
          jwt: { sign: { alg: signingAlgorithm } },
        }),
      },
    },
  };
}

/** Where people may go after they have signed out. */
const placesAt = (origin: string): string[] => [origin, `${origin}/`, `${origin}/signed-out`];

function show(context: KoaContextWithOIDC, { html, policy }: Page): void {
  context.set('content-security-policy', policy);
  context.type = 'html';
  context.body = html;
}

/** Nobody has to consent to signing in to the system that they have just started. */
async function grantEverything(context: KoaContextWithOIDC) {
  const { client, session, provider } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  if (known !== undefined) {
    const found = await provider.Grant.find(known);
    if (found !== undefined) return found;
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope('openid offline_access profile');
  grant.addResourceScope(resource, '');
  await grant.save();
  return grant;
}
