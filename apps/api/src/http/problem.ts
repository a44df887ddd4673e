import { STATUS_CODES } from 'node:http';

/** What goes wrong, by the word that programs tell it by; the status follows. */
export const problemKinds = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  unprocessable: 422,
  'too-many-requests': 429,
  internal: 500,
  'pbx-refused': 502,
  unavailable: 503,
  'outcome-unknown': 504,
} as const;

export type ProblemKind = keyof typeof problemKinds;

export interface ProblemOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An answer that says what went wrong and what to do about it, as RFC 9457 describes. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly headers: Readonly<Record<string, string>>;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    { headers = {}, more = {}, ...options }: ProblemOptions = {},
  ) {
    super(detail, options);
    this.kind = kind;
    this.headers = headers;
    this.more = more;
  }

  get status(): number {
    return problemKinds[this.kind];
  }
}

export const problemMediaType = 'application/problem+json';

export const problemBody = (problem: Problem, traceId: string): Record<string, unknown> => ({
  type: `urn:trunkline:problem:${problem.kind}`,
  title: STATUS_CODES[problem.status] ?? problem.kind,
  status: problem.status,
  detail: problem.message,
  traceId,
  ...problem.more,
});

/** Seconds after which it is worth another try. */
export const retryAfter = (ms: number): Readonly<Record<string, string>> => ({
  'retry-after': String(Math.max(1, Math.ceil(ms / 1_000))),
});
