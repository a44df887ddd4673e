import {
  listPbxActivity,
  listPbxs,
  readBacklogs,
  type Backlogs,
  type Database,
  type ListedPbx,
  type PbxActivity,
} from '@trunkline/database';

/** What PostgreSQL knows of how everything stands; it can be had while Redis is away, which is when somebody looks. */
export interface StoredStatus {
  readonly links: readonly ListedPbx[];
  readonly activity: readonly PbxActivity[];
  readonly backlogs: Backlogs;
}

export const readStored = (database: Database): Promise<StoredStatus> =>
  database.transaction(async (transaction) => ({
    links: await listPbxs(transaction),
    activity: await listPbxActivity(transaction),
    backlogs: await readBacklogs(transaction),
  }));
