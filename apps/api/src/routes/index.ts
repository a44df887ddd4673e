import type { Route } from '../http/route.ts';
import { auditRoute } from './audit.ts';
import { hangUpRoute, originateRoute } from './call-control.ts';
import { callStatsRoute, listCallsRoute, readCallRoute } from './calls.ts';
import { listCleanupRunsRoute, readCleanupRunRoute } from './cleanup-runs.ts';
import { listDeadLettersRoute, readDeadLetterRoute } from './dead-letters.ts';
import { listExtensionsRoute } from './extensions.ts';
import { retryRoute, snapshotRoute } from './pbx-operations.ts';
import { listPbxsRoute, readPbxRoute } from './pbxs.ts';
import { dropDeadLetterRoute, replayDeadLetterRoute } from './resolve-dead-letters.ts';
import { revokeRoute } from './revocations.ts';
import { startSweepRoute } from './start-sweep.ts';
import { listSweepsRoute, readScheduleRoute, readSweepRoute } from './sweeps.ts';

/** Every route of the API. One that is added here is in the OpenAPI document, and a test asks for its example. */
export const routes: readonly Route[] = [
  listCallsRoute,
  callStatsRoute,
  readCallRoute,
  originateRoute,
  hangUpRoute,
  listExtensionsRoute,
  listPbxsRoute,
  readPbxRoute,
  snapshotRoute,
  retryRoute,
  listCleanupRunsRoute,
  readCleanupRunRoute,
  listDeadLettersRoute,
  readDeadLetterRoute,
  replayDeadLetterRoute,
  dropDeadLetterRoute,
  listSweepsRoute,
  startSweepRoute,
  readSweepRoute,
  readScheduleRoute,
  auditRoute,
  revokeRoute,
];
