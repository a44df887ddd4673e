export { addMessage, type AddedMessage, type NewMessage } from './add-message.ts';
export { readNewestMessages } from './read-newest-messages.ts';
export { tellConversation, type ConversationName } from './tell-conversation.ts';
