/** What a message may hold: for each type an array of rows, as screens get them. */
export const messageTypes = [
  'new_call',
  'call_update',
  'extension_update',
  'new_recording',
  'recording_update',
  'pbx-connected',
  'pbx-disconnected',
  'cleanup_run',
  'link_update',
  'webhook_update',
  'chat_message',
  'import_progress',
  'import_complete',
  'import_error',
] as const;

export type MessageType = (typeof messageTypes)[number];
