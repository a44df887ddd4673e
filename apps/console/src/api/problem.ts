/** What went wrong with a request, in words for the person at the screen. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0: no answer came at all. */
  readonly status: number;
  /** The word by which programs tell problems apart, such as `pbx-refused`. */
  readonly kind: string;
  readonly traceId: string | null;
  readonly retryAfterMs: number | null;
  /** Further members of the problem. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(detail: string, told: Pick<ApiError, 'status' | 'kind' | 'traceId' | 'retryAfterMs' | 'more'>) {
    super(detail);
    this.status = told.status;
    this.kind = told.kind;
    this.traceId = told.traceId;
    this.retryAfterMs = told.retryAfterMs;
    this.more = told.more;
  }
}

const ownWords: Readonly<Record<string, string>> = {
  unauthenticated: 'Your session has ended. Sign in to continue; this page is kept.',
  forbidden: "You don't have access to this.",
  'too-many-requests': 'That was a little too often. Try again in a moment.',
  internal: 'The server made a mistake. Nothing was changed.',
  unavailable: 'The server can’t do this right now. Nothing was changed; try again in a moment.',
  'outcome-unknown': 'The PBX did not answer in time. It may or may not have been done.',
};

/** Why an answer is no good, from its body where that is a problem as RFC 9457 describes it. */
export function problemOf(status: number, headers: Headers, body: unknown): ApiError {
  const { type, detail, traceId, title, ...more } = (
    typeof body === 'object' && body !== null ? body : {}
  ) as Readonly<Record<string, unknown>>;
  const kind = typeof type === 'string' ? type.replace('urn:trunkline:problem:', '') : kindOf(status);
  const said = typeof detail === 'string' ? detail : typeof title === 'string' ? title : null;
  const wait = Number(headers.get('retry-after'));
  return new ApiError(ownWords[kind] ?? said ?? `The server answered with ${status}.`, {
    status,
    kind,
    traceId: typeof traceId === 'string' ? traceId : null,
    retryAfterMs: wait > 0 ? wait * 1_000 : null,
    more: { ...more, detail: said },
  });
}

export const unreachable = (): ApiError =>
  new ApiError('Trunkline can’t be reached. Check the network; nothing was changed.', {
    status: 0,
    kind: 'unreachable',
    traceId: null,
    retryAfterMs: null,
    more: {},
  });

function kindOf(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429) return 'too-many-requests';
  if (status === 503 || status === 502) return 'unavailable';
  return status >= 500 ? 'internal' : 'invalid';
}

/** Whether the same request may succeed a moment later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
