import { defineEntity, p } from '@mikro-orm/postgresql';

/** When a task that some replica does for all was last done, and when it is due again. */
export const HousekeepingTaskEntity = defineEntity({
  name: 'HousekeepingTask',
  tableName: 'housekeeping',
  properties: {
    task: p.text().primary(),
    dueAt: p.datetime(),
    claimedBy: p.text().nullable(),
    claimedUntil: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    problem: p.text().nullable(),
  },
});
