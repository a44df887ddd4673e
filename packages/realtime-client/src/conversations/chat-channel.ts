import { ConversationChannel, type ConversationMessage } from './conversation-channel.ts';

type Callback = ((message: ConversationMessage) => void) | null;

/** What people and the assistant write in a conversation. */
export class ChatChannel extends ConversationChannel {
  #onChatMessage: Callback = null;
  #onChatReply: Callback = null;

  /** False, with a warning in the log, when the connection is not open: whoever wrote it keeps it. */
  sendMessage(text: string): boolean {
    const conversation = this.currentConvId;
    const sent =
      conversation !== null &&
      this.client.send({ type: 'chat_message', topic: `conversation:${conversation}`, text });
    if (!sent) this.client.environment.log.warn('Cannot send - socket not open');
    return sent;
  }

  setOnChatMessageCallback(callback: Callback): void {
    this.#onChatMessage = callback;
  }

  setOnChatReplyCallback(callback: Callback): void {
    this.#onChatReply = callback;
  }

  protected override receive(message: ConversationMessage): void {
    if (message.type === 'chat_message') this.guard(() => this.#onChatMessage?.(message));
    if (message.type === 'chat_reply') this.guard(() => this.#onChatReply?.(message));
  }
}
