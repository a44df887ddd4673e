export { ChatChannel } from './chat-channel.ts';
export { StatusChannel, type StatusOptions } from './status-channel.ts';
export {
  ConversationChannel,
  type ConversationMessage,
  type ConversationOptions,
} from './conversation-channel.ts';
