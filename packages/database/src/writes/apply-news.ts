import {
  compareKeys,
  type News,
  type PbxId,
  type PbxNews,
  type StatementKey,
  type TenantId,
} from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';
import type { Changes } from './changes.ts';
import { floorsAbove, storeFloors, type Floors } from './floors.ts';
import { lockPbxs } from './lock-pbxs.ts';
import { raiseFloors } from './raise-floors.ts';
import { saidCall, writeCalls, type SaidCall } from './write-calls.ts';
import { saidExtension, writeExtensions, type SaidExtension } from './write-extensions.ts';
import { writeRecordings, type SaidRecording } from './write-recordings.ts';

/** What news changed, and whose the PBXs are that it came from. News of a PBX that has no tenant here changed nothing. */
export interface AppliedNews {
  readonly tenants: ReadonlyMap<PbxId, TenantId>;
  /** Calls, phones and recordings about which something was learnt from what was said of them. */
  readonly calls: readonly Changes[];
  readonly extensions: readonly Changes[];
  readonly recordings: readonly Changes[];
  /** Calls and phones about which nothing was said, and which a floor closed. */
  readonly closedCalls: readonly Changes[];
  readonly settledExtensions: readonly Changes[];
}

/** Merges news into the tables, in a fixed order of locks: the PBXs, then calls, phones and recordings, each by key. */
export async function applyNews(transaction: Transaction, news: News): Promise<AppliedNews> {
  const raisesFloors = [...news.values()].some(({ floors }) => floors.length > 0);
  const lock = raisesFloors ? 'for update' : 'for key share';
  const tenants = await lockPbxs(transaction, [...news.keys()], lock);
  return mergeNews(transaction, news, tenants);
}

/**
 * Merges news of PBXs that are locked already. Floors are stored first, so that every word is shown with all of them;
 * words are written next; only then do the floors close what is left, so that a call which a snapshot lists is never
 * closed in between.
 */
export async function mergeNews(
  transaction: Transaction,
  news: News,
  tenants: ReadonlyMap<PbxId, TenantId>,
): Promise<AppliedNews> {
  const sorted = [...news]
    .filter(([pbx]) => tenants.has(pbx))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const raised = sorted.filter(([, { floors }]) => floors.length > 0);

  const fresh = raised.flatMap(([pbx, { floors }]) => floors.map((floor) => ({ pbx, floor })));
  await storeFloors(transaction, fresh);
  const floors = await floorsAbove(transaction, sorted.flatMap(lowestOpenKey));
  const said = sayAll(sorted, tenants, floors);

  const calls = await writeCalls(transaction, said.calls);
  const extensions = await writeExtensions(transaction, said.extensions);
  const recordings = await writeRecordings(transaction, said.recordings);

  const closedCalls: Changes[] = [];
  const settledExtensions: Changes[] = [];
  for (const [pbx, pbxNews] of raised) {
    const closed = await raiseFloors(transaction, pbx, pbxNews.floors);
    closedCalls.push(...closed.calls);
    settledExtensions.push(...closed.extensions);
  }
  return { tenants, calls, extensions, recordings, closedCalls, settledExtensions };
}

/** No floor below this key can matter to what was said of a PBX; nothing, where nothing that a floor could close was said. */
function lowestOpenKey([pbx, news]: readonly [PbxId, PbxNews]): { pbx: PbxId; key: StatementKey }[] {
  let key: StatementKey | undefined;
  const consider = (candidate: StatementKey): void => {
    if (key === undefined || compareKeys(candidate, key) < 0) key = candidate;
  };
  for (const { lastWord } of news.calls.values()) if (lastWord.status !== 'ended') consider(lastWord.key);
  for (const { lastWord } of news.extensions.values())
    if (lastWord.status !== 'offline') consider(lastWord.key);
  return key === undefined ? [] : [{ pbx, key }];
}

function sayAll(
  sorted: readonly (readonly [PbxId, PbxNews])[],
  tenants: ReadonlyMap<PbxId, TenantId>,
  floors: Floors,
) {
  const calls: SaidCall[] = [];
  const extensions: SaidExtension[] = [];
  const recordings: SaidRecording[] = [];
  for (const [pbx, news] of sorted) {
    const tenant = tenants.get(pbx);
    if (tenant === undefined) continue;
    for (const [key, call] of byKey(news.calls)) calls.push(saidCall(tenant, pbx, key, call, floors));
    for (const [number, extension] of byKey(news.extensions)) {
      extensions.push(saidExtension(tenant, pbx, number, extension, floors));
    }
    for (const [key, recording] of byKey(news.recordings)) recordings.push({ tenant, pbx, key, recording });
  }
  return { calls, extensions, recordings };
}

const byKey = <Key extends string, Value>(map: ReadonlyMap<Key, Value>): [Key, Value][] =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1));
