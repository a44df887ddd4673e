import type { Principal } from '@trunkline/access';
import { beginOperatorAction, finishOperatorAction, type OperatorOutcome } from '@trunkline/database';
import type { ApiContext } from './api-context.ts';
import { outcomeOfProblem } from './http/problem-of-command.ts';
import { problemOf } from './http/problem-of.ts';

export interface AuditedAction {
  readonly principal: Pick<Principal, 'tenant' | 'user'>;
  readonly action: string;
  readonly target?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly traceparent?: string | undefined;
}

/** Does something between two lines in the audit: that it was begun, and what became of it. */
export async function audited<Result>(
  { database, logger }: Pick<ApiContext, 'database' | 'logger'>,
  { principal, ...action }: AuditedAction,
  work: () => Promise<Result>,
): Promise<Result> {
  const { tenant, user } = principal;
  const id = await database.run((tx) => beginOperatorAction(tx, { tenant, actor: user, ...action }));
  const finish = async (outcome: OperatorOutcome, problem: string | null): Promise<void> => {
    try {
      await database.run((tx) => finishOperatorAction(tx, id, outcome, problem));
    } catch (error) {
      // It stays `begun`, which says that its end is not known; the answer to the caller is still right.
      logger.warn({ err: error, action: action.action, id }, 'what became of an action could not be stored');
    }
  };
  try {
    const result = await work();
    await finish('done', null);
    return result;
  } catch (error) {
    const problem = problemOf(error);
    await finish(outcomeOfProblem(problem), problem.message);
    throw error;
  }
}
