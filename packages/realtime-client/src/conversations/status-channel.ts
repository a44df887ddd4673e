import {
  ConversationChannel,
  type ConversationMessage,
  type ConversationOptions,
} from './conversation-channel.ts';

export interface StatusOptions extends ConversationOptions {
  /** After so long without its end, thinking is taken to be over. */
  readonly staleTimeoutDuration?: number;
  /** The same of an extraction and of the summary that it brings about. */
  readonly extractionStaleTimeout?: number;
}

type State = 'isThinking' | 'isExtracting' | 'isSummaryGenerating';
type Listener = (message: ConversationMessage) => void;

/** What begins and ends each state, as data. */
const changes: Readonly<Record<string, readonly [State, boolean]>> = {
  thinking_start: ['isThinking', true],
  thinking_end: ['isThinking', false],
  extraction_start: ['isExtracting', true],
  extraction_complete: ['isExtracting', false],
  summary_complete: ['isSummaryGenerating', false],
};

/** What the assistant of a conversation is at. A state whose end gets lost ends by itself. */
export class StatusChannel extends ConversationChannel {
  isThinking = false;
  isExtracting = false;
  isSummaryGenerating = false;
  readonly statusListeners: Listener[] = [];
  readonly #staleMs: Readonly<Record<State, number>>;
  readonly #timers: { [Name in State]?: unknown } = {};

  constructor({
    staleTimeoutDuration = 30_000,
    extractionStaleTimeout = 60_000,
    ...options
  }: StatusOptions = {}) {
    super(options);
    this.#staleMs = {
      isThinking: staleTimeoutDuration,
      isExtracting: extractionStaleTimeout,
      isSummaryGenerating: extractionStaleTimeout,
    };
  }

  /** Called for each change. `stale_cleared` says that an end did not come in time. */
  onStatusChange(listener: Listener): () => void {
    return this.listen(this.statusListeners, listener);
  }

  override disconnect(): void {
    super.disconnect();
    this.#clear();
  }

  override connect(conversation: string): void {
    if (conversation !== this.currentConvId) this.#clear();
    super.connect(conversation);
  }

  protected override receive(message: ConversationMessage): void {
    const change = changes[message.type];
    if (change === undefined) return;
    this.#set(...change);
    if (message.summary_triggered === true) this.#set('isSummaryGenerating', true);
    this.tell(this.statusListeners, message);
  }

  /** What goes on meanwhile will not be heard. */
  protected override closed(): void {
    this.#clear();
    super.closed();
  }

  #set(state: State, value: boolean): void {
    const { environment } = this.client;
    this[state] = value;
    environment.clearTimer(this.#timers[state]);
    if (!value) return;
    this.#timers[state] = environment.setTimer(() => {
      this.#set(state, false);
      this.tell(this.statusListeners, { conversation: this.currentConvId ?? '', type: 'stale_cleared' });
    }, this.#staleMs[state]);
  }

  #clear(): void {
    for (const state of Object.keys(this.#staleMs) as State[]) this.#set(state, false);
  }
}
