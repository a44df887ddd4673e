export { Database, openDatabase, type DatabaseOptions } from './database.ts';
export { migrate, pendingMigrations } from './migrate.ts';
export { prepareDatabase } from './prepare-database.ts';
export { schemaCheck, waitForSchema, type SchemaWait } from './wait-for-schema.ts';
export { Transaction } from './transaction.ts';
export { CopyingTransaction } from './copying-transaction.ts';
export { changesToPostings, type ChangesByType } from './outbox/changes-to-postings.ts';
export { messageTypes, type MessageType } from './outbox/message-types.ts';
export { postOutbox, type OutboxMessage } from './outbox/post-outbox.ts';
export { OutboxRelay, type Deliver } from './outbox/relay.ts';
export { takeOut } from './outbox/take-out.ts';
export { applyNews, type AppliedNews } from './writes/apply-news.ts';
export { changesOf, selectChanges, type Changes, type ChangesRow } from './writes/changes.ts';
export { shownRecordingColumns } from './writes/write-recordings.ts';
export { writeAudit, type AuditedEvent } from './writes/write-audit.ts';
export {
  applyEvents,
  type AppliedEvents,
  type ApplyOptions,
  type HeardEvent,
} from './writes/apply-events.ts';
export type { Cleanup } from './cleanup/apply-link-event.ts';
export { applyDueCleanups, findDueCleanups, type AppliedCleanups } from './cleanup/apply-due-cleanups.ts';
export { shownCleanupRunColumns } from './cleanup/cleanup-runs.ts';
export { pruneRecords, type RecordsKept } from './housekeeping/prune-records.ts';
export { claimTask, finishTask, type TaskClaim } from './housekeeping/claim-task.ts';
export { maintainAudit, type AuditMaintained, type AuditMaintenance } from './audit/maintain-audit.ts';
export { pruneFloors } from './writes/prune-floors.ts';
export { tenantRole, tenantSetting } from './tenant-role.ts';
export {
  beginOperatorAction,
  finishOperatorAction,
  pruneOperatorActions,
  type NewOperatorAction,
  type OperatorOutcome,
} from './operator-actions/operator-actions.ts';
export { databaseErrorCode, isDatabaseAway } from './unreachable.ts';
export * from './links/index.ts';
export * from './reads/index.ts';
export * from './stuck-calls/index.ts';
export * from './entities/index.ts';
