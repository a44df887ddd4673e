import { RefusalError } from '../port/fault.ts';
import { placeOf } from '../transport/endpoint.ts';
import { linkErrorOf, NOT_FOUND, OK, TOKEN_EXPIRED } from './api-faults.ts';
import { callApi, type ApiAnswer, type ApiCall, type ApiSite } from './call-api.ts';
import type { Fields } from './fields.ts';
import type { Tokens } from './tokens.ts';

/** The PBX's REST calls, with a token that is renewed once where the PBX says that it ended. */
export class Rest {
  readonly site: ApiSite;
  readonly #tokens: Tokens;
  readonly #signal: AbortSignal;

  constructor(site: ApiSite, tokens: Tokens, signal: AbortSignal) {
    this.site = site;
    this.#tokens = tokens;
    this.#signal = signal;
  }

  /** Any answer of the PBX's, unjudged. What ended with its token did not happen, so it may be asked again. */
  async ask(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
    const either = AbortSignal.any([signal, this.#signal]);
    const token = await this.#tokens.current();
    const answer = await callApi(this.site, { ...call, token }, either);
    if (answer.errcode !== TOKEN_EXPIRED) return answer;
    return callApi(this.site, { ...call, token: await this.#tokens.renew(token) }, either);
  }

  /** The fields of a success, null for "there is none", and an error for all else. */
  async find(call: ApiCall, signal: AbortSignal): Promise<Fields | null> {
    const answer = await this.ask(call, signal);
    if (answer.errcode === OK) return answer.fields;
    if (answer.errcode === NOT_FOUND) return null;
    throw errorOf(this.site, call.name, answer);
  }

  async get(call: ApiCall, signal: AbortSignal): Promise<Fields> {
    const answer = await this.ask(call, signal);
    if (answer.errcode === OK) return answer.fields;
    throw errorOf(this.site, call.name, answer);
  }
}

export function errorOf(site: ApiSite, name: string, answer: ApiAnswer): Error {
  const told = answer.errmsg === '' ? '' : ` (${answer.errmsg})`;
  return (
    linkErrorOf(site, name, answer) ??
    new RefusalError(`${placeOf(site.endpoint)} refuses ${name}: ${answer.errcode}${told}`)
  );
}
