import type { CommandError } from '@trunkline/pbx-commands';
import type { OperatorOutcome } from '@trunkline/database';
import { Problem, retryAfter } from './problem.ts';

const laterMs = 5_000;

/** What became of a command that brought no result. What may have been done must not be sent again without a look. */
export function problemOfCommand(error: CommandError): Problem {
  const more = { reason: error.problem };
  const detail = capital(error.message);
  switch (error.problem) {
    case 'refused':
      return new Problem('pbx-refused', `The PBX said no: ${error.message}`, { cause: error, more });
    case 'invalid':
      return new Problem('unprocessable', detail, { cause: error, more });
    case 'unanswered':
    case 'failed':
    case 'aborted':
      return new Problem('outcome-unknown', detail, { cause: error, more });
    case 'nobody':
    case 'too-late':
    case 'not-connected':
    case 'queue':
    default:
      return new Problem('unavailable', detail, { cause: error, more, headers: retryAfter(laterMs) });
  }
}

/** The same for the audit. */
export function outcomeOfProblem({ kind }: Problem): OperatorOutcome {
  if (kind === 'outcome-unknown' || kind === 'internal') return 'unknown';
  return kind === 'unavailable' ? 'failed' : 'refused';
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
