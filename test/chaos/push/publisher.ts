import type { Feed, FeedMessage } from '@trunkline/feed';
import { sleep } from '@trunkline/service-kit';
import type { Random } from '../../support/random.ts';
import type { ServedClock } from './served-clock.ts';
import type { StormTenant } from './storm-topics.ts';

/** Of an event, or of how a call stands: which one it is, by which message it went, and when it was handed over. */
export interface Told {
  readonly sequence: number;
  readonly message: string;
  readonly sentAt: number;
  /** The same on the clock that runs only while somebody serves. */
  readonly servedAt: number;
  /** Of rows of calls only. */
  readonly call?: string;
}

export const eventTypes = ['chat_message', 'chat_reply', 'thinking_start', 'thinking_end'] as const;

/** Of all rows, those that tell how a call stands, to whoever follows its phone. */
const stateShare = 0.04;
/**
 * Rows of one message, as of a batch that was committed. So many that what a node reads back at most lasts for minutes of this storm:
 * clients under such kills wait for up to half a minute between attempts.
 */
const rowsMax = 59;
const tickMs = 20;
const retryMs = 50;

export const stormPbx = 'storm';
export const callOf = (phone: string): string => `call of ${phone}`;

/** What commits and relays: it makes messages of many rows, hands them on in order, and keeps the list that must come out. */
export class Publisher {
  /** The sequences of each event topic of each tenant, in their order. */
  readonly lists = new Map<string, number[]>();
  /** The last revision of the call of each phone. */
  readonly revisions = new Map<string, number>();
  readonly #feed: Pick<Feed, 'deliver'>;
  readonly #tenants: readonly StormTenant[];
  readonly #random: Random;
  readonly #clock: Pick<ServedClock, 'now'>;
  #sequence = 0;
  #messages = 0;

  constructor(
    feed: Pick<Feed, 'deliver'>,
    tenants: readonly StormTenant[],
    random: Random,
    clock: Pick<ServedClock, 'now'>,
  ) {
    this.#feed = feed;
    this.#tenants = tenants;
    this.#random = random;
    this.#clock = clock;
  }

  get events(): number {
    return this.#sequence;
  }

  /** So many rows a second, until it is told to stop. What is due while Redis does not answer is told afterwards. */
  async publish(perSecond: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const startedAt = performance.now();
    const first = this.#sequence;
    while (!signal.aborted) {
      const due = first + ((performance.now() - startedAt) / 1_000) * perSecond;
      const messages: FeedMessage[] = [];
      while (this.#sequence < due) messages.push(this.#message());
      await this.#deliver(messages);
      await sleep(tickMs, signal).catch(() => undefined);
    }
  }

  /** One message with an event for each conversation of each tenant. `about` names it before it goes. */
  async publishLast(about: (id: string) => void): Promise<void> {
    for (const tenant of this.#tenants) {
      const id = this.#nextId();
      about(id);
      const rows = tenant.conversations.map((conversation) => this.#event(tenant, conversation, id));
      await this.#deliver([messageOf(tenant, id, { chat_message: rows })]);
    }
  }

  #message(): FeedMessage {
    const tenant = this.#random.pick(this.#tenants);
    const id = this.#nextId();
    const payload: Record<string, object[]> = {};
    // The rows of a type stand together, so an event is noted as published in the order of types.
    const events = Math.ceil(this.#random.between(1, rowsMax) / eventTypes.length);
    for (const type of eventTypes.slice(0, this.#random.between(1, eventTypes.length))) {
      payload[type] = Array.from({ length: events }, () =>
        this.#event(tenant, this.#random.pick(tenant.conversations), id),
      );
    }
    if (this.#random.next() < stateShare * rowsMax * 0.5) this.#addCall(payload, tenant, id);
    return messageOf(tenant, id, payload);
  }

  #event(
    { id: tenant }: StormTenant,
    conversation: string,
    message: string,
  ): Told & { conversation: string; id: string } {
    const sequence = (this.#sequence += 1);
    const key = `${tenant} conversation:${conversation}`;
    const list = this.lists.get(key) ?? [];
    this.lists.set(key, list);
    list.push(sequence);
    return { conversation, id: String(sequence), sequence, message, ...this.#handedOver() };
  }

  #addCall(payload: Record<string, object[]>, { id: tenant, phones }: StormTenant, message: string): void {
    const phone = this.#random.pick(phones);
    const key = `${tenant} calls:${phone}`;
    const revision = (this.revisions.get(key) ?? 0) + 1;
    this.revisions.set(key, revision);
    const sequence = (this.#sequence += 1);
    const row = {
      pbx: stormPbx,
      call: callOf(phone),
      status: revision === 1 ? 'ringing' : 'connected',
      extensions: [phone],
      phones: [phone],
      revision,
    };
    payload[revision === 1 ? 'new_call' : 'call_update'] = [
      { ...row, sequence, message, ...this.#handedOver() },
    ];
  }

  #handedOver(): Pick<Told, 'sentAt' | 'servedAt'> {
    return { sentAt: performance.now(), servedAt: this.#clock.now };
  }

  #nextId(): string {
    return String((this.#messages += 1));
  }

  /** Again until Redis has taken them. It refuses only what it has not begun, so nothing is in doubt here. */
  async #deliver(messages: readonly FeedMessage[]): Promise<void> {
    for (;;) {
      try {
        return await this.#feed.deliver(messages);
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'Redis does not answer') throw error;
        await sleep(retryMs);
      }
    }
  }
}

const messageOf = ({ id: tenant }: StormTenant, id: string, payload: object): FeedMessage => ({
  tenant,
  id,
  payload: JSON.stringify(payload),
  traceparent: null,
});
