import { LinkError, RefusalError, type LinkFault } from '../port/fault.ts';
import type { PbxTarget } from '../port/target.ts';
import { placeOf } from '../transport/endpoint.ts';
import { request, type HttpRequest } from '../transport/request.ts';

export interface AriAnswer {
  readonly status: number;
  /** Parsed; null where the answer is empty or no JSON. */
  readonly body: unknown;
  /** The PBX's clock when it answered, to the second. */
  readonly date: number | null;
}

export interface AriQuestion {
  readonly signal: AbortSignal;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** ARI's requests. Names and numbers in paths and queries are encoded here and nowhere else. */
export class AriRest {
  readonly #target: PbxTarget;
  readonly #timeoutMs: number;
  readonly #prefix: string;
  readonly authorization: string;

  constructor(target: PbxTarget, timeoutMs: number) {
    this.#target = target;
    this.#timeoutMs = timeoutMs;
    this.#prefix = target.address.pathname.replace(/\/+$/, '');
    const { username, secret } = target.credential;
    this.authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  }

  /** The path of a resource, given part by part. */
  path(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    const path = `${this.#prefix}/ari/${parts.map(encodeURIComponent).join('/')}`;
    return search.length === 0 ? path : `${path}?${search.join('&')}`;
  }

  async ask(
    method: HttpRequest['method'],
    parts: readonly string[],
    question: AriQuestion,
  ): Promise<AriAnswer> {
    const { signal, query, body } = question;
    const answer = await request(this.#target, {
      method,
      path: this.path(parts, query),
      headers: {
        authorization: this.authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
      timeoutMs: this.#timeoutMs,
    });
    const date = Date.parse(answer.headers.date ?? '');
    return { status: answer.status, body: parse(answer.body), date: Number.isNaN(date) ? null : date };
  }

  /** A list or thing that must be there; everything else is the error that fits. */
  async get(parts: readonly string[], question: AriQuestion): Promise<unknown> {
    const answer = await this.ask('GET', parts, question);
    if (answer.status === 200 && answer.body !== null) return answer.body;
    throw this.refusal(answer.status, `GET ${parts.join('/')}`);
  }

  refusal(status: number, what: string): LinkError | RefusalError {
    const fault = faultOfStatus(status);
    const place = placeOf(this.#target);
    if (fault !== null)
      return new LinkError(fault, `${place} answers ${what} with HTTP ${status}${remedyOf(fault)}`);
    return new RefusalError(`${place} answers ${what} with HTTP ${status}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** While Asterisk loads its modules its web server has no resources yet, or is not ready for any. */
export function faultOfStatus(status: number): LinkFault | null {
  if (status === 401) return { kind: 'credentials' };
  if (status === 403) return { kind: 'forbidden' };
  return status === 404 || status === 503 ? { kind: 'starting' } : null;
}

const remedies: Partial<Record<LinkFault['kind'], string>> = {
  credentials: ': check the user and password in ari.conf.',
  forbidden: ': check that the user in ari.conf is not read_only, and the ACL in http.conf.',
  starting: ': it is still starting, or ARI is not enabled in ari.conf and http.conf.',
};

export const remedyOf = (fault: LinkFault): string => remedies[fault.kind] ?? '';
