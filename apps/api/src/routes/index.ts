import type { ApiContext } from '../api-context.ts';
import type { Route } from '../http/route.ts';
import { auditRoute } from './audit.ts';
import { hangUpRoute, originateRoute } from './call-control.ts';
import {
  callStatsRoute,
  countCallsRoute,
  exportCallsRoute,
  listCallsRoute,
  readCallRoute,
  readPartiesRoute,
} from './calls.ts';
import {
  addWebhookRoute,
  changeWebhookRoute,
  removeWebhookRoute,
  rotateWebhookSecretRoute,
} from './change-webhooks.ts';
import {
  createContactRoute,
  deleteContactRoute,
  listContactsRoute,
  readContactRoute,
  updateContactRoute,
} from './contacts.ts';
import {
  cancelImportRoute,
  listImportsRoute,
  previewImportRoute,
  readImportRoute,
  rejectedRowsRoute,
  startImportRoute,
  uploadRoute,
} from './imports.ts';
import { listCleanupRunsRoute, readCleanupRunRoute } from './cleanup-runs.ts';
import { groupDeadLettersRoute, listDeadLettersRoute, readDeadLetterRoute } from './dead-letters.ts';
import { listExtensionsRoute, readExtensionRoute } from './extensions.ts';
import { retryRoute, snapshotRoute } from './pbx-operations.ts';
import { listLinksRoute, listLinkStepsRoute, listPbxsRoute, readPbxRoute } from './pbxs.ts';
import { listPushNodesRoute, readSystemRoute } from './platform.ts';
import { dropDeadLetterRoute, replayDeadLetterRoute } from './resolve-dead-letters.ts';
import { dropDeadLettersRoute, replayDeadLettersRoute } from './resolve-many-letters.ts';
import {
  deleteRecordingRoute,
  linkRecordingRoute,
  listRecordingsRoute,
  readRecordingRoute,
} from './recordings.ts';
import { revokeRoute } from './revocations.ts';
import { readSimulatorRoute, steerSimulatorRoute } from './simulator.ts';
import { startSweepRoute } from './start-sweep.ts';
import { listSweepsRoute, readScheduleRoute, readSweepRoute } from './sweeps.ts';
import { disableWebhookRoute, enableWebhookRoute, testWebhookRoute } from './switch-webhooks.ts';
import { listDeliveriesRoute, readDeliveryRoute, redeliverRoute } from './webhook-deliveries.ts';
import { listWebhooksRoute, readWebhookRoute, webhookAuditRoute } from './webhooks.ts';

/** Every route of the API. One that is added here is in the OpenAPI document, and a test asks for its example. */
export const routes: readonly Route[] = [
  listCallsRoute,
  callStatsRoute,
  countCallsRoute,
  exportCallsRoute,
  readPartiesRoute,
  readCallRoute,
  originateRoute,
  hangUpRoute,
  listRecordingsRoute,
  readRecordingRoute,
  linkRecordingRoute,
  deleteRecordingRoute,
  listExtensionsRoute,
  readExtensionRoute,
  listPbxsRoute,
  readPbxRoute,
  listLinksRoute,
  listLinkStepsRoute,
  snapshotRoute,
  retryRoute,
  listCleanupRunsRoute,
  readCleanupRunRoute,
  listDeadLettersRoute,
  groupDeadLettersRoute,
  replayDeadLettersRoute,
  dropDeadLettersRoute,
  readDeadLetterRoute,
  replayDeadLetterRoute,
  dropDeadLetterRoute,
  listSweepsRoute,
  startSweepRoute,
  readSweepRoute,
  readScheduleRoute,
  listWebhooksRoute,
  addWebhookRoute,
  readWebhookRoute,
  changeWebhookRoute,
  removeWebhookRoute,
  rotateWebhookSecretRoute,
  testWebhookRoute,
  enableWebhookRoute,
  disableWebhookRoute,
  webhookAuditRoute,
  listDeliveriesRoute,
  readDeliveryRoute,
  redeliverRoute,
  listContactsRoute,
  createContactRoute,
  readContactRoute,
  updateContactRoute,
  deleteContactRoute,
  listImportsRoute,
  uploadRoute,
  readImportRoute,
  previewImportRoute,
  startImportRoute,
  cancelImportRoute,
  rejectedRowsRoute,
  readSystemRoute,
  listPushNodesRoute,
  auditRoute,
  revokeRoute,
];

/** There only where there is a simulated PBX to steer, which is in development. */
const simulatorRoutes: readonly Route[] = [readSimulatorRoute, steerSimulatorRoute];

/** Those of this installation. */
export const routesOf = ({ simulatorUrl }: Pick<ApiContext, 'simulatorUrl'>): readonly Route[] =>
  simulatorUrl === null ? routes : [...routes, ...simulatorRoutes];
