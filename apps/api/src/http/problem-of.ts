import { AccessError } from '@trunkline/access';
import { ContactError, type ContactProblem } from '@trunkline/contacts';
import { isDatabaseAway, ReadError } from '@trunkline/database';
import { CommandError } from '@trunkline/pbx-commands';
import { DeadlineError } from '@trunkline/service-kit';
import { StorageError, type StorageProblem } from '@trunkline/storage';
import { SweepRequestError } from '@trunkline/stuck-calls';
import { WebhookError, type WebhookProblem } from '@trunkline/webhooks';
import { problemOfCommand } from './problem-of-command.ts';
import { Problem, retryAfter, type ProblemKind } from './problem.ts';

const laterMs = 2_000;

/** Whatever was thrown, as an answer. What nobody has foreseen says nothing about itself; the log does. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof AccessError) return problemOfAccess(error);
  if (error instanceof ReadError) return new Problem('invalid', error.message, { cause: error });
  if (error instanceof CommandError) return problemOfCommand(error);
  if (error instanceof SweepRequestError)
    return unavailable(`Sweeps can't be asked for just now: ${error.message}`, error);
  if (error instanceof WebhookError) return problemOfWebhook(error);
  if (error instanceof ContactError)
    return new Problem(ofContact[error.problem], error.message, {
      cause: error,
      more: { reason: error.problem },
    });
  if (error instanceof StorageError) return problemOfStorage(error);
  if (error instanceof DeadlineError)
    return unavailable('A store did not answer in time; try again soon', error);
  if (isDatabaseAway(error))
    return unavailable("The database can't be reached just now; try again soon", error);
  if (isRedisAway(error)) return unavailable("Redis can't be reached just now; try again soon", error);
  return (
    problemOfFramework(error) ??
    new Problem('internal', 'Something went wrong here; the log knows it by the trace id', { cause: error })
  );
}

const unavailable = (detail: string, cause: unknown): Problem =>
  new Problem('unavailable', detail, { cause, headers: retryAfter(laterMs) });

const ofWebhook: Readonly<Record<WebhookProblem, ProblemKind>> = {
  invalid: 'unprocessable',
  unknown: 'not-found',
  limit: 'conflict',
};

const ofContact: Readonly<Record<ContactProblem, ProblemKind>> = {
  invalid: 'unprocessable',
  unknown: 'not-found',
  conflict: 'conflict',
  file: 'unprocessable',
};

const ofStorage: Readonly<Record<StorageProblem, ProblemKind>> = {
  'bad-key': 'internal',
  'too-large': 'too-large',
  unknown: 'not-found',
  unavailable: 'unavailable',
};

function problemOfStorage(error: StorageError): Problem {
  const kind = ofStorage[error.problem];
  if (kind === 'unavailable')
    return unavailable("The storage of files can't be reached just now; try again soon", error);
  if (kind === 'not-found')
    return new Problem(kind, 'The file is not there any more; upload it again', { cause: error });
  return new Problem(kind, error.message, { cause: error });
}

const problemOfWebhook = (error: WebhookError): Problem =>
  new Problem(ofWebhook[error.problem], error.message, { cause: error, more: { reason: error.problem } });

/** [RFC 6750] 401 with what is wrong with the token; 503 where it could not be looked at. */
function problemOfAccess(error: AccessError): Problem {
  if (error.kind === 'unavailable') return unavailable(error.message, error);
  const parameters =
    error.kind === 'missing' ? '' : `, error="invalid_token", error_description="${error.message}"`;
  return new Problem('unauthenticated', error.message, {
    cause: error,
    headers: { 'www-authenticate': `Bearer realm="trunkline"${parameters}` },
    more: { reason: error.kind },
  });
}

/** ioredis has no classes for these; a connection without an offline queue says so in words. */
function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    /Stream isn't writeable|Connection is closed|connection was closed|None of startup nodes|CLUSTERDOWN|^(LOADING|READONLY|MASTERDOWN) /.test(
      error.message,
    )
  );
}

const ofFramework: Readonly<Record<string, readonly [ProblemKind, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'The body is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the body as application/json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid', 'The body is empty; send a JSON object'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid', 'The body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid', 'The body is not as long as its Content-Length says'],
  FST_ERR_MAX_PARAM_LENGTH: ['invalid', 'A part of the path is longer than anything is named here'],
  FST_ERR_BAD_URL: ['invalid', 'The path is not a valid URL'],
};

function problemOfFramework(error: unknown): Problem | undefined {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? ofFramework[code] : undefined;
  if (known !== undefined) return new Problem(known[0], known[1], { cause: error });
  if (error instanceof SyntaxError && statusCode === 400)
    return new Problem('invalid', 'The body is not valid JSON', { cause: error });
  return undefined;
}
