import { monotonicNow } from '@trunkline/service-kit';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';

export interface KeySourceOptions {
  readonly issuer: string;
  /** Where the keys are; found by OpenID Connect discovery when it isn't said. */
  readonly jwksUri?: string | undefined;
  readonly tuning?: Partial<KeySourceTuning>;
}

export interface KeySourceTuning {
  /** How long the issuer may take to answer. */
  readonly answerMs: number;
  /** Keys older than this are asked for anew. */
  readonly freshMs: number;
  /** A key that nobody knows is asked for no more often than this, whoever brings tokens that name one. */
  readonly cooldownMs: number;
  /** While the issuer doesn't answer, its last keys serve for so long: a key that it took back lives no longer. */
  readonly staleMs: number;
  /** After a failed question the next one waits for so long, so that a storm of requests is no storm of questions. */
  readonly pauseMs: number;
}

export const KEY_SOURCE_TUNING: KeySourceTuning = {
  answerMs: 5_000,
  freshMs: 600_000,
  cooldownMs: 30_000,
  staleMs: 3_600_000,
  pauseMs: 1_000,
};

/** Key sets have a handful of keys; more than this is not one. */
const documentLettersMax = 262_144;

const discoverySchema = v.object({ issuer: v.string(), jwks_uri: v.pipe(v.string(), v.url()) });

/** That the keys can't be had, whatever the reason; whoever asks says "later" instead of "no". */
export class KeySourceError extends Error {
  override readonly name = 'KeySourceError';
}

/** The issuer's public keys: fetched when first needed, kept, and asked for again when they are old or one is unknown. */
export function createKeySource(options: KeySourceOptions): JWTVerifyGetKey {
  const tuning = { ...KEY_SOURCE_TUNING, ...options.tuning };
  let location = options.jwksUri;
  let last: { readonly text: string; readonly at: number } | undefined;
  let failed: { readonly error: unknown; readonly at: number } | undefined;

  async function fetchKeys(request: RequestInit): Promise<string> {
    if (failed !== undefined && monotonicNow() - failed.at < tuning.pauseMs) throw failed.error;
    try {
      location ??= await discover(options.issuer, request);
      const text = await documentAt(location, request);
      last = { text, at: monotonicNow() };
      failed = undefined;
      return text;
    } catch (error) {
      failed = { error, at: monotonicNow() };
      throw error;
    }
  }

  async function keysOrLastOnes(_url: string, request: RequestInit): Promise<Response> {
    try {
      return new Response(await fetchKeys(request));
    } catch (error) {
      if (last !== undefined && monotonicNow() - last.at < tuning.staleMs) return new Response(last.text);
      throw new KeySourceError(`The keys of ${options.issuer} can't be fetched`, { cause: error });
    }
  }

  return createRemoteJWKSet(new URL(options.jwksUri ?? options.issuer), {
    timeoutDuration: tuning.answerMs,
    cacheMaxAge: tuning.freshMs,
    cooldownDuration: tuning.cooldownMs,
    [customFetch]: keysOrLastOnes,
  });
}

async function discover(issuer: string, request: RequestInit): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = v.parse(discoverySchema, JSON.parse(await documentAt(url, request)));
  if (found.issuer !== issuer) throw new Error(`${url} speaks for ${found.issuer}, not for ${issuer}`);
  return found.jwks_uri;
}

async function documentAt(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, request);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered with HTTP ${response.status}`);
  if (text.length > documentLettersMax) throw new Error(`${url} answered with too much`);
  JSON.parse(text);
  return text;
}
