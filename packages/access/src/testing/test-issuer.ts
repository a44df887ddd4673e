import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** What a test may want to be wrong about a token. */
export interface TokenWishes {
  readonly header?: Record<string, unknown>;
  /** Claims over the usual ones; undefined leaves one out. */
  readonly claims?: Record<string, unknown>;
  /** Signs with this key, whether it is published or not. */
  readonly key?: SigningKey;
}

export const testAudience = 'trunkline-test';

/** An issuer on a real port: discovery, published keys, and tokens that are as right or as wrong as a test wants them. */
export class TestIssuer implements AsyncDisposable {
  readonly #server: Server;
  readonly url: string;
  #keys: SigningKey[] = [];
  /** Answers 503 to everything while it is true. */
  away = false;
  /** Which paths were asked for, in order. */
  readonly asked: string[] = [];
  /** Whom discovery speaks for. */
  speaksFor: string | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', ({ url = '' }, response) => {
      this.asked.push(url);
      const body = this.away ? undefined : this.#documents()[url];
      response.writeHead(this.away ? 503 : body === undefined ? 404 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(body ?? {}));
    });
  }

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const issuer = new TestIssuer(server);
    await issuer.rotate();
    return issuer;
  }

  /** A new key instead of all the ones before. */
  async rotate(algorithm = 'ES256'): Promise<SigningKey> {
    const key = await makeKey(algorithm);
    this.#keys = [key];
    return key;
  }

  /** One more key beside those that are published. */
  async publish(key: SigningKey): Promise<void> {
    this.#keys.push(key);
  }

  get key(): SigningKey {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('no key is published');
    return key;
  }

  /** A token for a user of a tenant; a good one unless the wishes say otherwise. */
  token(claims: Record<string, unknown>, wishes: Omit<TokenWishes, 'claims'> = {}): Promise<string> {
    const key = wishes.key ?? this.key;
    const now = Math.floor(Date.now() / 1_000);
    const all = { iss: this.url, aud: testAudience, sub: 'somebody', iat: now, exp: now + 600, ...claims };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(given)
      .setProtectedHeader({ alg: key.algorithm, kid: key.kid, ...wishes.header })
      .sign(key.privateKey);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #documents(): Record<string, unknown> {
    return {
      '/.well-known/openid-configuration': {
        issuer: this.speaksFor ?? this.url,
        jwks_uri: `${this.url}/keys`,
      },
      '/keys': { keys: this.#keys.map(({ publicJwk }) => publicJwk) },
    };
  }
}

let keysMade = 0;

export async function makeKey(algorithm = 'ES256'): Promise<SigningKey> {
  keysMade += 1;
  const kid = `key-${keysMade}`;
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey, publicJwk };
}
