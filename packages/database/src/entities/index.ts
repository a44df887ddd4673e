import { CallEventEntity } from './call-event.ts';
import { CallEntity } from './call.ts';
import { CleanupRunEntity } from './cleanup-run.ts';
import { DeadLetterEntity } from './dead-letter.ts';
import { ExtensionEntity } from './extension.ts';
import { OutboxMessageEntity } from './outbox-message.ts';
import { PbxFloorEntity } from './pbx-floor.ts';
import { PbxEntity } from './pbx.ts';
import { RecordingEntity } from './recording.ts';
import { StreamOffsetEntity } from './stream-offset.ts';
import { StreamProgressEntity } from './stream-progress.ts';
import { TenantEntity } from './tenant.ts';

export const entities = [
  TenantEntity,
  PbxEntity,
  PbxFloorEntity,
  CallEntity,
  ExtensionEntity,
  RecordingEntity,
  CleanupRunEntity,
  CallEventEntity,
  OutboxMessageEntity,
  StreamOffsetEntity,
  StreamProgressEntity,
  DeadLetterEntity,
] as const;

export {
  CallEntity,
  CallEventEntity,
  CleanupRunEntity,
  DeadLetterEntity,
  ExtensionEntity,
  OutboxMessageEntity,
  PbxEntity,
  PbxFloorEntity,
  RecordingEntity,
  StreamOffsetEntity,
  StreamProgressEntity,
  TenantEntity,
};
