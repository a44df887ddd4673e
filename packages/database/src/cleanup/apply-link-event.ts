import {
  assertNever,
  gather,
  standingOf,
  type FloorCause,
  type Instant,
  type LinkConnected,
  type LinkDisconnected,
  type LinkEvent,
  type LinkSnapshot,
  type PbxId,
  type TenantId,
  type Version,
} from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import { mergeNews, type AppliedNews } from '../writes/apply-news.ts';
import { countOf, type Changes } from '../writes/changes.ts';
import { spareWaitingRuns, storeRun, storeWaitingRun, type Counts } from './cleanup-runs.ts';
import { storeRunChanges } from './store-run-changes.ts';
import { endedAmong, wasSuperseded } from './link-questions.ts';

/** What was cleaned up, for logs and metrics. */
export interface Cleanup {
  readonly pbx: PbxId;
  readonly kind: 'disconnect' | 'reconcile';
  readonly version: Version;
  readonly cause: FloorCause;
  readonly reason: string;
  readonly counts: Counts;
}

type Told = Pick<Changes, 'tenant' | 'rows'>;

/** What a link's event changed, and what screens are told of it. */
export interface AppliedLinkEvent {
  readonly news: AppliedNews;
  /** Null where nothing was cleaned up: a repetition, or a disconnect whose grace period runs. */
  readonly cleanup: Cleanup | null;
  readonly runs: readonly Changes[];
  readonly connected?: Told;
  readonly disconnected?: Told;
}

/** Carries out what the link to a PBX says. The PBX must be locked, FOR UPDATE unless the event raises no floor. */
export async function applyLinkEvent(
  transaction: Transaction,
  event: LinkEvent,
  tenant: TenantId,
  { graceMs }: { readonly graceMs: number },
): Promise<AppliedLinkEvent> {
  switch (event.type) {
    case 'link.connected':
      return { news: nothingNew, cleanup: null, runs: [], connected: connectedMessage(event, tenant) };
    case 'link.disconnected':
      return graceMs > 0
        ? await waitForReconnect(transaction, event, tenant, graceMs)
        : await cleanUp(transaction, event, tenant);
    case 'link.snapshot':
      return await reconcile(transaction, event, tenant);
    default:
      return assertNever(event);
  }
}

async function cleanUp(
  transaction: Transaction,
  event: LinkDisconnected,
  tenant: TenantId,
): Promise<AppliedLinkEvent> {
  const news = await mergeNews(transaction, gather([event]), new Map([[event.pbx, tenant]]));
  const counts = disconnectCounts(news);
  const runs = await storeRun(transaction, event, tenant, counts);
  if (runs.length === 0) return { news, cleanup: null, runs };
  await storeRunChanges(transaction, runs, news);
  const { pbx, version, cause, reason, at } = event;
  const lost = { pbx, version, cause, reason, at, tenant };
  return {
    news,
    cleanup: { pbx, version, cause, reason, kind: 'disconnect', counts },
    runs,
    disconnected: disconnectedMessage(lost, { counts, graceMs: null }),
  };
}

/**
 * With a grace period the floor is raised later, or never where a snapshot of the state after the disconnect came first,
 * in whichever order the two arrive. No order depends on it: floors may be raised late.
 */
async function waitForReconnect(
  transaction: Transaction,
  event: LinkDisconnected,
  tenant: TenantId,
  graceMs: number,
): Promise<AppliedLinkEvent> {
  const spared = await wasSuperseded(transaction, event.pbx, event.version);
  const runs = await storeWaitingRun(transaction, event, tenant, { graceMs, spared });
  if (runs.length === 0) return { news: nothingNew, cleanup: null, runs };
  const told = spared ? { counts: disconnectCounts(nothingNew), graceMs: null } : { counts: null, graceMs };
  return {
    news: nothingNew,
    cleanup: null,
    runs,
    disconnected: disconnectedMessage({ ...event, tenant }, told),
  };
}

async function reconcile(
  transaction: Transaction,
  event: LinkSnapshot,
  tenant: TenantId,
): Promise<AppliedLinkEvent> {
  const { pbx, version } = event;
  const listed = [...new Set(event.calls.map(({ call }) => call))];
  const closedBefore = await endedAmong(transaction, pbx, listed);
  const news = await mergeNews(transaction, gather([event]), new Map([[pbx, tenant]]));
  const closedStill = await endedAmong(transaction, pbx, closedBefore);
  // One that can't tell of its phones leaves some of what a disconnect must settle.
  const sparing =
    event.extensions === undefined ? [] : await spareWaitingRuns(transaction, pbx, standingOf(event).asOf);

  const opened = countOf(news.calls.filter(({ isNew }) => isNew));
  const reopened = closedBefore.length - closedStill.length;
  const counts = {
    callsListed: listed.length,
    callsOpened: opened,
    callsReopened: reopened,
    callsUnchanged: listed.length - opened - reopened,
    callsEnded: countOf(news.closedCalls),
    extensionsListed: event.extensions?.length ?? 0,
    extensionsSettled: countOf(news.settledExtensions),
  };
  const stored = await storeRun(transaction, event, tenant, counts);
  await storeRunChanges(transaction, stored, news);
  const cleanup: Cleanup = { pbx, version, kind: 'reconcile', cause: 'reconciled', reason: '', counts };
  return { news, cleanup: stored.length === 0 ? null : cleanup, runs: [...sparing, ...stored] };
}

export const disconnectCounts = (news: AppliedNews) => ({
  extensionsReset: countOf(news.settledExtensions),
  callsEnded: countOf(news.closedCalls),
});

export interface LostLink {
  readonly pbx: PbxId;
  readonly tenant: TenantId;
  readonly version: Version;
  readonly cause: FloorCause;
  readonly reason: string;
  readonly at: Instant;
}

/** `cleanup` is null while the grace period runs; the message that follows has the same version and says what was done. */
export function disconnectedMessage(
  { pbx, tenant, version, cause, reason, at }: LostLink,
  { counts, graceMs }: { readonly counts: Counts | null; readonly graceMs: number | null },
): Told {
  const since = new Date(at).toISOString();
  const told = { pbx, version: String(version), since, cause, reason, cleanup: counts, graceMs };
  return { tenant, rows: JSON.stringify(told) };
}

function connectedMessage({ pbx, version, at }: LinkConnected, tenant: TenantId): Told {
  return {
    tenant,
    rows: JSON.stringify({ pbx, version: String(version), since: new Date(at).toISOString() }),
  };
}

const nothingNew: AppliedNews = {
  tenants: new Map(),
  calls: [],
  extensions: [],
  recordings: [],
  closedCalls: [],
  settledExtensions: [],
};
