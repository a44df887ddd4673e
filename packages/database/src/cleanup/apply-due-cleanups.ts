import { keyOfEvent, type Floor, type News, type PbxId, type TenantId } from '@trunkline/domain';
import type { Database } from '../database.ts';
import { changesToPostings } from '../outbox/changes-to-postings.ts';
import { postOutbox, type OutboxMessage } from '../outbox/post-outbox.ts';
import type { Transaction } from '../transaction.ts';
import { newsChanges } from '../writes/apply-events.ts';
import { mergeNews } from '../writes/apply-news.ts';
import { lockPbxs } from '../writes/lock-pbxs.ts';
import { disconnectCounts, disconnectedMessage, type Cleanup } from './apply-link-event.ts';
import { storeRunChanges } from './store-run-changes.ts';
import { dueRuns, finishRun, type WaitingRun } from './cleanup-runs.ts';

export interface AppliedCleanups {
  readonly cleanups: readonly Cleanup[];
  /** To be relayed now: the transaction has committed. */
  readonly messages: readonly OutboxMessage[];
}

/** PBXs looked at in one round; the next round finds the others. */
const pbxsMax = 100;

/** PBXs with a disconnect whose grace period is over. A glance: whoever acts on it asks again under the PBX's lock. */
export const findDueCleanups = async (database: Database): Promise<PbxId[]> => {
  const rows = await database.run((transaction) =>
    transaction.query<{ pbx_id: PbxId }>(
      `select pbx_id from cleanup_run
       where kind = 'disconnect' and finished_at is null and due_at <= clock_timestamp()
       group by pbx_id order by min(due_at) limit $1`,
      [pbxsMax],
    ),
  );
  return rows.map(({ pbx_id }) => pbx_id);
};

/**
 * Cleans up after a PBX's disconnects whose grace period is over. Any number of replicas may try at once: the PBX's lock
 * lets one of them find the runs, which it finishes in the same transaction.
 */
export const applyDueCleanups = (database: Database, pbx: PbxId): Promise<AppliedCleanups> =>
  database.run(async (transaction) => {
    const tenant = (await lockPbxs(transaction, [pbx], 'for update')).get(pbx);
    const cleanups: Cleanup[] = [];
    const messages: OutboxMessage[] = [];
    for (const run of tenant === undefined ? [] : await dueRuns(transaction, pbx)) {
      const done = await cleanUpLate(transaction, pbx, run);
      cleanups.push(done.cleanup);
      messages.push(...done.messages);
    }
    return { cleanups, messages };
  });

async function cleanUpLate(
  transaction: Transaction,
  pbx: PbxId,
  run: WaitingRun,
): Promise<{ cleanup: Cleanup; messages: OutboxMessage[] }> {
  const { id, tenant, version, cause, reason, at } = run;
  const floor: Floor = { key: keyOfEvent(version), at, cause, coversExtensions: false };
  const news = await mergeNews(transaction, newsOf(pbx, floor), new Map<PbxId, TenantId>([[pbx, tenant]]));
  const counts = disconnectCounts(news);
  const finished = await finishRun(transaction, id, counts);
  await storeRunChanges(transaction, finished, news);
  const postings = changesToPostings({
    'pbx-disconnected': [disconnectedMessage({ ...run, pbx }, { counts, graceMs: null })],
    cleanup_run: finished,
    ...newsChanges(news),
  });
  return {
    cleanup: { pbx, version, kind: 'disconnect', cause, reason, counts },
    messages: await postOutbox(transaction, postings),
  };
}

const newsOf = (pbx: PbxId, floor: Floor): News =>
  new Map([[pbx, { calls: new Map(), extensions: new Map(), recordings: new Map(), floors: [floor] }]]);
