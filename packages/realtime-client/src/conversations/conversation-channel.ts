import type { ConversationRow } from '@trunkline/realtime-protocol';
import { createClient, type ClientOptions, type RealtimeClient } from '../client.ts';
import type { Commands } from '../commands/commands.ts';
import { chat } from '../connection/presets.ts';

export interface ConversationOptions extends ClientOptions {
  /** A client that is there already; without one the channel makes its own, as patient as a chat. */
  readonly client?: RealtimeClient;
  /** How messages go out, such as with a storage; without it the channel makes its own. */
  readonly commands?: Commands;
}

/** One message of a conversation, with its type. */
export type ConversationMessage = ConversationRow & { readonly type: string };

type Listener<Message> = (message: Message) => void;

/**
 * One conversation at a time over a client: what chat and status have in common. Many channels may share a client; each
 * wants its topic by itself.
 */
export class ConversationChannel {
  readonly client: RealtimeClient;
  /** The conversation that is followed; null before `connect` and after `disconnect`. */
  currentConvId: string | null = null;
  readonly listeners: Listener<ConversationMessage>[] = [];
  protected readonly options: ConversationOptions;
  /**
   * The place of the last message that was told, none (NaN) before the first snapshot: what comes by snapshot and by
   * itself is told once. All that comes before that snapshot is in it, in its turn.
   */
  #told = NaN;
  #stops: (() => void)[] = [];
  #onOpen: (() => void) | null = null;
  #onClose: (() => void) | null = null;

  constructor(options: ConversationOptions = {}) {
    this.options = options;
    this.client = options.client ?? createClient({ preset: chat, ...options });
  }

  /** Follows a conversation, instead of the one before. */
  connect(conversation: string): void {
    if (this.currentConvId === conversation) return this.client.connect();
    this.#leave();
    const { client } = this;
    const topic = `conversation:${conversation}`;
    this.currentConvId = conversation;
    this.#told = NaN;
    this.#stops = [
      client.subscribe(topic),
      client.on('message', ({ topic: of, type, rows }) => {
        if (of === topic) this.#hear(type, rows as readonly ConversationRow[]);
      }),
      client.on('topic:snapshot', ({ topic: of, rows }) => {
        if (of !== topic) return;
        this.#told ||= 0;
        this.#hear('chat_message', rows.chat_message ?? []);
      }),
      client.on('connection:connected', () => this.opened()),
      client.on('connection:disconnected', () => this.closed()),
      client.on('connection:max_attempts_reached', () =>
        this.#tell({ conversation, type: 'connection_failed' }),
      ),
    ];
    // Another channel may follow it already, and has heard what there was.
    client.topics.refresh(topic);
    if (client.isConnected) this.opened();
    client.connect();
  }

  /** Final until `connect`. A client that others share goes on. */
  disconnect(): void {
    const { isConnected } = this;
    this.#leave();
    if (isConnected) this.closed();
    if (!this.options.client) this.client.disconnect();
  }

  /** Every message of the conversation, whatever its type. Returns how to stop listening. */
  onMessage(listener: Listener<ConversationMessage>): () => void {
    return this.listen(this.listeners, listener);
  }

  setOnOpenCallback(callback: (() => void) | null): void {
    this.#onOpen = callback;
  }

  setOnCloseCallback(callback: (() => void) | null): void {
    this.#onClose = callback;
  }

  getIsConnected(): boolean {
    return this.isConnected;
  }

  get isConnected(): boolean {
    return this.currentConvId !== null && this.client.isConnected;
  }

  get isConnecting(): boolean {
    return this.currentConvId !== null && this.client.isConnecting;
  }

  get reconnectAttempts(): number {
    return this.client.reconnectAttempts;
  }

  /** What a kind of channel does with a message, before the listeners hear of it. */
  protected receive(_message: ConversationMessage): void {}

  protected opened(): void {
    this.guard(() => this.#onOpen?.());
  }

  protected closed(): void {
    this.guard(() => this.#onClose?.());
  }

  protected listen<Message>(listeners: Listener<Message>[], listener: Listener<Message>): () => void {
    listeners.push(listener);
    return () => {
      const index = listeners.indexOf(listener);
      if (index >= 0) listeners.splice(index, 1);
    };
  }

  protected tell<Message>(listeners: readonly Listener<Message>[], message: Message): void {
    for (const listener of listeners.slice()) this.guard(() => listener(message));
  }

  /** A callback that throws is logged and harms nobody. */
  protected guard(call: () => unknown): void {
    this.client.events.guard('message', call);
  }

  #hear(type: string, rows: readonly ConversationRow[]): void {
    for (const row of rows) {
      const { number } = row;
      if (number && !(number > this.#told)) continue;
      this.#told = number ?? this.#told;
      this.#tell({ ...row, type });
    }
  }

  #tell(message: ConversationMessage): void {
    this.receive(message);
    this.tell(this.listeners, message);
  }

  #leave(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.currentConvId = null;
  }
}
