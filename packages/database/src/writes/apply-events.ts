import { gather, type LifecycleEvent, type LinkEvent, type PbxId, type TenantId } from '@trunkline/domain';
import { applyLinkEvent, type AppliedLinkEvent, type Cleanup } from '../cleanup/apply-link-event.ts';
import { byNovelty, changesToPostings, type ChangesByType } from '../outbox/changes-to-postings.ts';
import { postOutbox, type OutboxMessage } from '../outbox/post-outbox.ts';
import type { Transaction } from '../transaction.ts';
import { mergeNews, type AppliedNews } from './apply-news.ts';
import { lockPbxs } from './lock-pbxs.ts';
import { writeAudit, type AuditedEvent } from './write-audit.ts';

/** An event together with the words in which it was published, which the audit trail keeps. */
export interface HeardEvent {
  readonly event: LifecycleEvent;
  readonly payload: string;
  readonly traceparent?: string | undefined;
}

export interface ApplyOptions {
  /** How long a lost link may take to come back with a snapshot before what it left behind is cleaned up. */
  readonly graceMs?: number;
}

export interface AppliedEvents extends AppliedNews {
  /** What lost links and snapshots made us clean up. */
  readonly cleanups: readonly Cleanup[];
  /** To be relayed once the transaction has committed. */
  readonly messages: readonly OutboxMessage[];
  /** Events of PBXs that nobody has added, or that somebody has removed: nothing was done with them. */
  readonly strangers: readonly HeardEvent[];
}

/**
 * All that a batch of events means to the database, inside the caller's transaction: state, audit and outbox, so that
 * none of the three is ever without the others.
 *
 * Words are merged first, all in one piece; then what links have to say, each by itself and in the order in which it was
 * said. The state does not depend on that, but what a cleanup is said to have done does.
 */
export async function applyEvents(
  transaction: Transaction,
  heard: readonly HeardEvent[],
  { graceMs = 0 }: ApplyOptions = {},
): Promise<AppliedEvents> {
  const { words, links } = sift(heard);
  const raisesFloors = links.some(({ type }) => type !== 'link.connected');
  const pbxs = [...new Set(heard.map(({ event }) => event.pbx))];
  const tenants = await lockPbxs(transaction, pbxs, raisesFloors ? 'for update' : 'for key share');

  const merged = await mergeNews(transaction, gather(words), tenants);
  const applied: AppliedLinkEvent[] = [];
  for (const event of links) {
    const tenant = tenants.get(event.pbx);
    if (tenant !== undefined) applied.push(await applyLinkEvent(transaction, event, tenant, { graceMs }));
  }
  const strangers = await audit(transaction, heard, tenants);
  const all = joined(tenants, [merged, ...applied.map(({ news }) => news)]);
  const postings = changesToPostings({ ...linkChanges(applied), ...newsChanges(all) });
  return {
    ...all,
    cleanups: applied.flatMap(({ cleanup }) => cleanup ?? []),
    messages: await postOutbox(transaction, postings),
    strangers,
  };
}

/** Links in the order of their PBXs, which is the order of locks, and each link's events in that of their versions. */
function sift(heard: readonly HeardEvent[]): { words: LifecycleEvent[]; links: LinkEvent[] } {
  const words: LifecycleEvent[] = [];
  const links: LinkEvent[] = [];
  for (const { event } of heard) {
    if (isLinkEvent(event)) links.push(event);
    else words.push(event);
  }
  links.sort((one, other) => {
    if (one.pbx !== other.pbx) return one.pbx < other.pbx ? -1 : 1;
    return one.version < other.version ? -1 : 1;
  });
  return { words, links };
}

const isLinkEvent = (event: LifecycleEvent): event is LinkEvent => event.type.startsWith('link.');

async function audit(
  transaction: Transaction,
  heard: readonly HeardEvent[],
  tenants: ReadonlyMap<PbxId, TenantId>,
): Promise<HeardEvent[]> {
  const known: AuditedEvent[] = [];
  const strangers: HeardEvent[] = [];
  for (const each of heard) {
    const tenant = tenants.get(each.event.pbx);
    if (tenant === undefined) strangers.push(each);
    else known.push(audited(each, tenant));
  }
  await writeAudit(transaction, known);
  return strangers;
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

function joined(tenants: ReadonlyMap<PbxId, TenantId>, parts: readonly AppliedNews[]): AppliedNews {
  return {
    tenants,
    calls: parts.flatMap(({ calls }) => calls),
    extensions: parts.flatMap(({ extensions }) => extensions),
    recordings: parts.flatMap(({ recordings }) => recordings),
    closedCalls: parts.flatMap(({ closedCalls }) => closedCalls),
    settledExtensions: parts.flatMap(({ settledExtensions }) => settledExtensions),
  };
}

/** What screens are told of news. */
export function newsChanges(news: AppliedNews): ChangesByType {
  const calls = byNovelty([...news.calls, ...news.closedCalls]);
  const recordings = byNovelty(news.recordings);
  return {
    new_call: calls.fresh,
    call_update: calls.changed,
    extension_update: [...news.extensions, ...news.settledExtensions],
    new_recording: recordings.fresh,
    recording_update: recordings.changed,
  };
}

/** How links stand comes first, before the rows that changed because of it. */
const linkChanges = (applied: readonly AppliedLinkEvent[]): ChangesByType => ({
  'pbx-connected': applied.flatMap(({ connected }) => connected ?? []),
  'pbx-disconnected': applied.flatMap(({ disconnected }) => disconnected ?? []),
  cleanup_run: applied.flatMap(({ runs }) => runs),
});
