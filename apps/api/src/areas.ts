import type { ApiContext } from './api-context.ts';
import type { Area } from './create-api.ts';
import { createOperationsPage } from './operations-page/create-operations-page.ts';
import { createQueueBoard } from './queues/create-queue-board.ts';
import { createLogin } from './sessions/create-login.ts';
import { createSessions } from './sessions/sessions.ts';
import type { ApiSettings } from './settings.ts';

/** What people look at in a browser, once it is known where that reaches us and what sessions are sealed with. */
export function areasOf(
  context: ApiContext,
  { login, tokens }: Pick<ApiSettings, 'login' | 'tokens'>,
): Area[] {
  const { publicUrl, sessionSecret, sessionMs } = login;
  if (publicUrl === undefined || sessionSecret === undefined) return [];
  const { revocations } = context;
  const sessions = createSessions({ publicUrl, secret: sessionSecret, lifeMs: sessionMs, revocations });
  return [
    createLogin({ ...login, context, sessions, publicUrl, issuer: tokens.issuer }),
    createQueueBoard(context, sessions),
    createOperationsPage(context, sessions),
  ];
}
