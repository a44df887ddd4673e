import type { Database, OutboxMessage, PbxConfig } from '@trunkline/database';
import type { OpenedRecording } from '@trunkline/pbx';
import type { RecordingJob, RetryTuning } from '@trunkline/recordings';
import type { Logger } from '@trunkline/service-kit';
import type { FileStorage } from '@trunkline/storage';
import type { Queue } from 'bullmq';
import type { RecordingEvents } from './events.ts';

/** Opens the sound of a recording at its PBX, whatever the vendor. */
export type OpenSound = (pbx: PbxConfig, recording: string, signal: AbortSignal) => Promise<OpenedRecording>;

/** What jobs and loops work with. */
export interface WorkerHost {
  readonly database: Database;
  readonly queue: Queue<RecordingJob>;
  readonly storage: FileStorage;
  readonly openSound: OpenSound;
  readonly bytesMax: number;
  readonly retry: RetryTuning;
  /** How long a claim lasts that nobody renews, and how long a fetch may take in all. */
  readonly leaseMs: number;
  readonly fetchMs: number;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly events: RecordingEvents;
  readonly logger: Logger;
}
