import type { CommandOutcome } from '@trunkline/realtime-protocol';
import { CommandError } from '../commands/command-error.ts';
import { createCommands, type CommandOptions, type Commands } from '../commands/commands.ts';
import { ConversationChannel, type ConversationMessage } from './conversation-channel.ts';

type Callback = ((message: ConversationMessage) => void) | null;

/** What people and the assistant write in a conversation. */
export class ChatChannel extends ConversationChannel {
  #commands: Commands | undefined;
  #onChatMessage: Callback = null;
  #onChatReply: Callback = null;

  /** Waits for a connection until it expires, is stored once however often it goes out, and always settles. */
  send(text: string, options?: CommandOptions): Promise<CommandOutcome> {
    const conversation = this.currentConvId;
    if (conversation === null) return Promise.reject(new CommandError('invalid', 'no conversation', true));
    const commands = (this.#commands ??= this.options.commands ?? createCommands(this.client));
    const key = options?.key ?? commands.newKey();
    return commands.command({ kind: 'send_message', conversation, message: key, text }, { ...options, key });
  }

  /** False, with a warning in the log, when the connection is not open: whoever wrote it keeps it. */
  sendMessage(text: string): boolean {
    const { isConnected, client } = this;
    const { log } = client.environment;
    if (isConnected)
      this.send(text).catch((error: unknown) => log.warn('a message could not be stored', error));
    else log.warn('Cannot send - socket not open');
    return isConnected;
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
