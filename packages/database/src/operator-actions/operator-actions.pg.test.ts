import { tenantId } from '@trunkline/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { listOperatorActions } from '../reads/index.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import { beginOperatorAction, finishOperatorAction, pruneOperatorActions } from './operator-actions.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

it('what was done by hand is kept from before it is done, shown to its tenant only, paged, and forgotten in the end', async () => {
  const details = { to: '+4930123456\0' };
  const ids: string[] = [];
  for (const [tenant, action] of [
    [one, 'sweep.start'],
    [one, 'call.originate'],
    [other, 'pbx.retry'],
  ] as const) {
    ids.push(
      await database.run((tx) =>
        beginOperatorAction(tx, { tenant, actor: 'ana', action, target: 'a', details }),
      ),
    );
  }
  const [first = '', second = ''] = ids;
  await database.run((tx) => finishOperatorAction(tx, first, 'done'));
  const own = await database.forTenant(one, (_em, tx) => listOperatorActions(tx));
  expect(own.items.map(({ id, outcome, action }) => [id, outcome, action])).toEqual([
    [second, 'begun', 'call.originate'],
    [first, 'done', 'sweep.start'],
  ]);
  expect(own.items[0]?.details).toEqual(details);
  const page = await database.forTenant(one, (_em, tx) => listOperatorActions(tx, {}, { limit: 1 }));
  const next = await database.forTenant(one, (_em, tx) =>
    listOperatorActions(tx, {}, { limit: 1, after: page.next ?? '' }),
  );
  expect([...page.items, ...next.items]).toEqual(own.items);
  const filtered = await database.forTenant(one, (_em, tx) =>
    listOperatorActions(tx, { action: 'pbx.retry' }),
  );
  expect(filtered.items).toEqual([]);

  await database.run((tx) =>
    tx.query(`update operator_action set at = now() - interval '2 days' where id = $1`, [first]),
  );
  expect(await pruneOperatorActions(database, 86_400_000)).toBe(1);
  expect(await pruneOperatorActions(database, 86_400_000)).toBe(0);
  expect((await database.run((tx) => listOperatorActions(tx))).items).toHaveLength(2);
});
