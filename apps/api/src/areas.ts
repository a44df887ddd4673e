import type { ApiContext } from './api-context.ts';
import { createConsole } from './console/create-console.ts';
import type { Area } from './create-api.ts';
import { createRequestLimiter } from './http/request-limiter.ts';
import { createOperationsPage } from './operations-page/create-operations-page.ts';
import { createQueueBoard } from './queues/create-queue-board.ts';
import { createLogin } from './sessions/create-login.ts';
import type { Door } from './sessions/guard.ts';
import { createSessions } from './sessions/sessions.ts';
import type { ApiSettings } from './settings.ts';

type AreaSettings = Pick<ApiSettings, 'login' | 'tokens' | 'api' | 'console'>;

/** What people look at in a browser: the console, and the pages that the API makes itself. */
export const areasOf = (context: ApiContext, settings: AreaSettings): Area[] => [
  ...signedInAreas(context, settings),
  createConsole(settings),
];

/** Once it is known where browsers reach us and what sessions are sealed with. */
function signedInAreas(context: ApiContext, { login, tokens, api }: AreaSettings): Area[] {
  const { publicUrl, sessionSecret, sessionMs } = login;
  if (publicUrl === undefined || sessionSecret === undefined) return [];
  const { revocations } = context;
  const sessions = createSessions({ publicUrl, secret: sessionSecret, lifeMs: sessionMs, revocations });
  const door: Door = { sessions, limiter: createRequestLimiter(context, api) };
  return [
    createLogin({ ...login, ...door, context, publicUrl, issuer: tokens.issuer }),
    createQueueBoard(context, door),
    createOperationsPage(context, door),
  ];
}
