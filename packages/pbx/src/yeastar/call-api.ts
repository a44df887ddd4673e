import { LinkError } from '../port/fault.ts';
import { placeOf, type Endpoint } from '../transport/endpoint.ts';
import { request } from '../transport/request.ts';
import { isFields, textOf, wholeNumberOf, type Fields } from './fields.ts';
import type { PbxClock } from './pbx-clock.ts';

/** The PBX refuses requests without this header. */
export const headers = { 'user-agent': 'OpenAPI' } as const;
export const API_PATH = '/openapi/v1.0';

/** Where a PBX is and how long it is waited for. */
export interface ApiSite {
  readonly endpoint: Endpoint;
  readonly answerMs: number;
  readonly clock: PbxClock;
  readonly now: () => number;
}

export interface ApiCall {
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly token?: string;
  /** Sent as JSON by POST; a call without it is a GET. */
  readonly body?: Fields;
}

/** Whatever the PBX answered in its own form: `errcode` 0 is success, and HTTP says 200 to failures as well. */
export interface ApiAnswer {
  readonly errcode: number;
  readonly errmsg: string;
  readonly fields: Fields;
}

/** One call, never repeated here. Neither token nor body appear in errors. */
export async function callApi(site: ApiSite, call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
  const { name, body } = call;
  const answer = await request(site.endpoint, {
    method: body === undefined ? 'GET' : 'POST',
    path: `${API_PATH}/${name}${queryOf(call)}`,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    timeoutMs: site.answerMs,
  });
  site.clock.observe(answer.headers.date, site.now());
  return readAnswer(site, name, answer.status, answer.body);
}

function queryOf({ query, token }: ApiCall): string {
  const parameters = new URLSearchParams(query);
  if (token !== undefined) parameters.set('access_token', token);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function readAnswer(site: ApiSite, name: string, status: number, body: string): ApiAnswer {
  const answer = parseAnswer(body);
  if (answer !== null) return answer;
  const where = placeOf(site.endpoint);
  if (status >= 500)
    throw new LinkError(
      { kind: 'starting' },
      `${where} is not ready: ${name} is answered with HTTP ${status}.`,
    );
  if (status === 401 || status === 403)
    throw new LinkError(
      { kind: 'forbidden' },
      `${where} refuses ${name} with HTTP ${status}. Check the API's allow-list and what stands in front of the PBX.`,
    );
  throw new LinkError(
    { kind: 'protocol' },
    `${where} does not answer ${name} as a Yeastar P-Series does (HTTP ${status}). Check address, port and vendor.`,
  );
}

export function parseAnswer(body: string): ApiAnswer | null {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return null;
  }
  const errcode = isFields(fields) ? wholeNumberOf(fields.errcode) : null;
  if (!isFields(fields) || errcode === null) return null;
  return { errcode, errmsg: textOf(fields.errmsg).slice(0, 200), fields };
}
