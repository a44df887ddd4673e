import { CallEventEntity } from './call-event.ts';
import { CallEntity } from './call.ts';
import { CleanupRunChangeEntity } from './cleanup-run-change.ts';
import { CleanupRunCallEntity } from './cleanup-run-call.ts';
import { CleanupRunEntity } from './cleanup-run.ts';
import { ConnectorEntity } from './connector.ts';
import { ContactImportRejectionEntity } from './contact-import-rejection.ts';
import { ContactImportTouchEntity } from './contact-import-touch.ts';
import { ContactImportEntity } from './contact-import.ts';
import { ContactNumberEntity } from './contact-number.ts';
import { ContactEntity } from './contact.ts';
import { ConversationMessageEntity } from './conversation-message.ts';
import { ConversationEntity } from './conversation.ts';
import { DeadLetterEntity } from './dead-letter.ts';
import { DoubleBookingEntity } from './double-booking.ts';
import { ExtensionEntity } from './extension.ts';
import { HousekeepingTaskEntity } from './housekeeping-task.ts';
import { OperatorActionEntity } from './operator-action.ts';
import { OutboxMessageEntity } from './outbox-message.ts';
import { PbxBlockEntity } from './pbx-block.ts';
import { PbxFloorEntity } from './pbx-floor.ts';
import { PbxLinkStepEntity } from './pbx-link-step.ts';
import { PbxLinkEntity } from './pbx-link.ts';
import { PbxEntity } from './pbx.ts';
import { RecordingEntity } from './recording.ts';
import { SnapshotWishEntity } from './snapshot-wish.ts';
import { StreamOffsetEntity } from './stream-offset.ts';
import { StreamProgressEntity } from './stream-progress.ts';
import { TenantEntity } from './tenant.ts';
import { WebhookAttemptEntity } from './webhook-attempt.ts';
import { WebhookAuditEntity } from './webhook-audit.ts';
import { WebhookDeliveryEntity } from './webhook-delivery.ts';
import { WebhookEndpointEntity } from './webhook-endpoint.ts';
import { WebhookMessageEntity } from './webhook-message.ts';
import { WebhookSecretEntity } from './webhook-secret.ts';
import { WorkLeaseEntity } from './work-lease.ts';

export const entities = [
  TenantEntity,
  PbxEntity,
  PbxLinkEntity,
  PbxLinkStepEntity,
  SnapshotWishEntity,
  PbxBlockEntity,
  ConnectorEntity,
  PbxFloorEntity,
  CallEntity,
  ExtensionEntity,
  RecordingEntity,
  CleanupRunEntity,
  CleanupRunCallEntity,
  CleanupRunChangeEntity,
  DoubleBookingEntity,
  CallEventEntity,
  OutboxMessageEntity,
  StreamOffsetEntity,
  StreamProgressEntity,
  DeadLetterEntity,
  HousekeepingTaskEntity,
  OperatorActionEntity,
  WorkLeaseEntity,
  WebhookEndpointEntity,
  WebhookSecretEntity,
  WebhookMessageEntity,
  WebhookDeliveryEntity,
  WebhookAttemptEntity,
  WebhookAuditEntity,
  ConversationEntity,
  ConversationMessageEntity,
  ContactEntity,
  ContactImportEntity,
  ContactImportRejectionEntity,
  ContactImportTouchEntity,
  ContactNumberEntity,
] as const;

export {
  CallEntity,
  CallEventEntity,
  CleanupRunCallEntity,
  CleanupRunChangeEntity,
  CleanupRunEntity,
  ConnectorEntity,
  ContactEntity,
  ContactImportEntity,
  ContactImportRejectionEntity,
  ContactImportTouchEntity,
  ContactNumberEntity,
  ConversationEntity,
  ConversationMessageEntity,
  DeadLetterEntity,
  DoubleBookingEntity,
  ExtensionEntity,
  HousekeepingTaskEntity,
  OperatorActionEntity,
  OutboxMessageEntity,
  PbxBlockEntity,
  PbxEntity,
  PbxFloorEntity,
  PbxLinkEntity,
  PbxLinkStepEntity,
  RecordingEntity,
  SnapshotWishEntity,
  StreamOffsetEntity,
  StreamProgressEntity,
  TenantEntity,
  WebhookAttemptEntity,
  WebhookAuditEntity,
  WebhookDeliveryEntity,
  WebhookEndpointEntity,
  WebhookMessageEntity,
  WebhookSecretEntity,
  WorkLeaseEntity,
};
