export { RealtimeProvider, useRealtime, type Realtime } from './realtime-provider.tsx';
export { useConnection, type ConnectionControls } from './use-connection.ts';
export { useTopic } from './use-topic.ts';
export { useCall, useCalls } from './use-calls.ts';
export { useExtension, useExtensions } from './use-extensions.ts';
export { useRow, useRows, useTally } from './use-rows.ts';
export { useConversation, type Conversation } from './use-conversation.ts';
export { ConnectionStatus, type ConnectionStatusProps } from './connection-status.tsx';
export { describeConnection, type Described } from './describe-connection.ts';
