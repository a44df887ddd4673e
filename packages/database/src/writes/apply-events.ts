import { gather, type LifecycleEvent, type TenantId } from '@trunkline/domain';
import { changesToPostings } from '../outbox/changes-to-postings.ts';
import { postOutbox, type OutboxMessage } from '../outbox/post-outbox.ts';
import type { Transaction } from '../transaction.ts';
import { applyNews, type AppliedNews } from './apply-news.ts';
import { writeAudit, type AuditedEvent } from './write-audit.ts';

/** An event together with the words in which it was published, which the audit trail keeps. */
export interface HeardEvent {
  readonly event: LifecycleEvent;
  readonly payload: string;
  readonly traceparent?: string | undefined;
}

export interface AppliedEvents extends AppliedNews {
  /** To be relayed once the transaction has committed. */
  readonly messages: readonly OutboxMessage[];
  /** Events of PBXs that nobody has added, or that somebody has removed: nothing was done with them. */
  readonly strangers: readonly HeardEvent[];
}

/**
 * All that a batch of events means to the database, inside the caller's transaction: state, audit and outbox, so that
 * none of the three is ever without the others.
 */
export async function applyEvents(
  transaction: Transaction,
  heard: readonly HeardEvent[],
): Promise<AppliedEvents> {
  const applied = await applyNews(transaction, gather(eventsOf(heard)));
  const audit: AuditedEvent[] = [];
  const strangers: HeardEvent[] = [];
  for (const each of heard) {
    const tenant = applied.tenants.get(each.event.pbx);
    if (tenant === undefined) strangers.push(each);
    else audit.push(audited(each, tenant));
  }
  await writeAudit(transaction, audit);
  const { calls, extensions, recordings, closedCalls, settledExtensions } = applied;
  const postings = changesToPostings({
    calls: [...calls, ...closedCalls],
    extensions: [...extensions, ...settledExtensions],
    recordings,
  });
  return { ...applied, messages: await postOutbox(transaction, postings), strangers };
}

function* eventsOf(heard: readonly HeardEvent[]): Generator<LifecycleEvent> {
  for (const { event } of heard) yield event;
}

function audited({ event, payload, traceparent }: HeardEvent, tenant: TenantId): AuditedEvent {
  const { pbx, version, at, type } = event;
  return { tenant, pbx, subject: subjectOf(event), version, at, type, payload, traceparent };
}

/** What an event is about, as the audit trail is searched: a call, a phone, a recording or the link. */
function subjectOf(event: LifecycleEvent): string {
  if ('recording' in event) return event.recording;
  if ('extension' in event) return event.extension;
  return 'call' in event ? event.call : 'link';
}
