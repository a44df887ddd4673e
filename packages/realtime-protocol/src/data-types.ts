import type {
  CallRow,
  CleanupRunRow,
  ConversationRow,
  DialerRow,
  ExtensionRow,
  ImportRow,
  LinkRow,
  NotificationAcknowledgedRow,
  NotificationRow,
  PbxConnectedRow,
  PbxDisconnectedRow,
  RecordingRow,
} from './rows.ts';
import type { TopicKind } from './topics.ts';

/** The rows of each type of data message. */
export interface RowsByType {
  readonly new_call: CallRow;
  readonly call_update: CallRow;
  readonly extension_update: ExtensionRow;
  readonly new_recording: RecordingRow;
  readonly recording_update: RecordingRow;
  readonly link_update: LinkRow;
  readonly 'pbx-connected': PbxConnectedRow;
  readonly 'pbx-disconnected': PbxDisconnectedRow;
  readonly cleanup_run: CleanupRunRow;
  readonly import_progress: ImportRow;
  readonly import_complete: ImportRow;
  readonly import_error: ImportRow;
  readonly parallel_call_started: DialerRow;
  readonly parallel_call_status: DialerRow;
  readonly parallel_call_connected: DialerRow;
  readonly parallel_call_ended: DialerRow;
  readonly 'conference-ready': DialerRow;
  readonly notification: NotificationRow;
  readonly notification_acknowledged: NotificationAcknowledgedRow;
  readonly chat_message: ConversationRow;
  readonly chat_reply: ConversationRow;
  readonly thinking_start: ConversationRow;
  readonly thinking_end: ConversationRow;
  readonly extraction_start: ConversationRow;
  readonly extraction_complete: ConversationRow;
  readonly summary_complete: ConversationRow;
}

export type DataType = keyof RowsByType;

export interface DataTypeRule {
  readonly topic: TopicKind;
  /** The field of a row that is the key of its topic, where the topic has one. */
  readonly topicKey?: string;
  /** The fields that name the thing a row is about. Types with the same `thing` tell of the same things. */
  readonly thing?: {
    readonly name: string;
    readonly key: readonly string[];
    readonly order: 'revision' | 'version';
  };
}

const call = { name: 'call', key: ['pbx', 'call'], order: 'revision' } as const;
const recording = { name: 'recording', key: ['pbx', 'recording'], order: 'revision' } as const;
const connection = { name: 'connection', key: ['pbx'], order: 'version' } as const;
const importOf = {
  topic: 'imports',
  topicKey: 'import',
  thing: { name: 'import', key: ['import'], order: 'revision' },
} as const;
const dialer = { topic: 'dialer' } as const;
const user = { topic: 'user', topicKey: 'user' } as const;
const conversation = { topic: 'conversation', topicKey: 'conversation' } as const;

/** Where rows of a type are told, and which of several rows about one thing counts. */
export const dataTypes = {
  new_call: { topic: 'calls', thing: call },
  call_update: { topic: 'calls', thing: call },
  extension_update: {
    topic: 'extensions',
    thing: { name: 'extension', key: ['pbx', 'extension'], order: 'revision' },
  },
  new_recording: { topic: 'recordings', thing: recording },
  recording_update: { topic: 'recordings', thing: recording },
  link_update: { topic: 'pbx', thing: { name: 'link', key: ['pbx'], order: 'revision' } },
  'pbx-connected': { topic: 'pbx', thing: connection },
  'pbx-disconnected': { topic: 'pbx', thing: connection },
  cleanup_run: { topic: 'cleanup', thing: { name: 'cleanup', key: ['id'], order: 'revision' } },
  import_progress: importOf,
  import_complete: importOf,
  import_error: importOf,
  parallel_call_started: dialer,
  parallel_call_status: dialer,
  parallel_call_connected: dialer,
  parallel_call_ended: dialer,
  'conference-ready': dialer,
  notification: user,
  notification_acknowledged: user,
  chat_message: conversation,
  chat_reply: conversation,
  thinking_start: conversation,
  thinking_end: conversation,
  extraction_start: conversation,
  extraction_complete: conversation,
  summary_complete: conversation,
} as const satisfies Record<DataType, DataTypeRule>;

export const isDataType = (type: string): type is DataType => Object.hasOwn(dataTypes, type);
