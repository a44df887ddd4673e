import { STATUS_CODES, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { ErrorMessage, ProblemKind } from '@trunkline/realtime-protocol';

export type StreamProblem = Pick<ErrorMessage, 'kind' | 'message' | 'retryAfterMs'>;

/** What a stream that is refused before it began is answered with. */
const statuses: Readonly<Record<ProblemKind, number>> = {
  malformed: 400,
  unknown_type: 400,
  unknown_topic: 400,
  too_many_subscriptions: 400,
  auth_required: 401,
  auth_failed: 401,
  auth_expired: 401,
  auth_revoked: 401,
  renewal_failed: 401,
  forbidden: 403,
  not_allowed: 403,
  too_many_connections: 429,
  too_many_messages: 429,
  internal: 500,
  auth_unavailable: 503,
  heartbeat_missed: 503,
  overloaded: 503,
  restarting: 503,
  unavailable: 503,
};

/** [SSE5] A refusal as RFC 9457 describes, with the kind by which programs tell it. */
export function answerProblem(
  response: ServerResponse,
  { kind, message, retryAfterMs }: StreamProblem,
): void {
  const status = statuses[kind];
  const body = JSON.stringify({
    type: `urn:trunkline:problem:${kind}`,
    title: STATUS_CODES[status],
    status,
    kind,
    detail: message,
  });
  const headers: OutgoingHttpHeaders = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="trunkline"' }),
    ...(retryAfterMs !== undefined && {
      'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))),
    }),
  };
  response.writeHead(status, headers);
  response.end(body);
}
