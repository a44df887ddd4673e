export { createClient, type ClientEvents, type ClientOptions, type RealtimeClient } from './client.ts';
export { chat, crm, softphone } from './connection/presets.ts';
export type { ConnectionConfig, ConnectionSettings } from './connection/settings.ts';
export type { ConnectionDetail, RestReason } from './connection/state.ts';
export type {
  Environment,
  Logger,
  PageSignal,
  SocketConstructor,
  SocketLike,
} from './environment/environment.ts';
export type { ConnectionStatus } from './status.ts';
export type { TopicStatus } from './topics/topic-entry.ts';
export type { TopicSnapshot } from './topics/topics.ts';
export type { CallStateReset } from './store/call-state.ts';
export type {
  CallRow,
  CleanupRunRow,
  CommandOutcome,
  ConversationRow,
  Data,
  DataType,
  DialerRow,
  ExtensionRow,
  ImportRow,
  LinkRow,
  NotificationRow,
  PbxConnectedRow,
  PbxDisconnectedRow,
  Position,
  RecordingRow,
  Wanted,
} from '@trunkline/realtime-protocol';
