import { expect, it } from 'vitest';
import { breaksOlderServices } from './expand-only.ts';
import { migrations } from './index.ts';
import { statementsOf } from './statements-of.ts';

/** Whoever runs a version with these may run beside one that has more. */
const released = '015-contacts';

it('what came since the last version leaves everything that its services use', () => {
  const since = migrations.slice(migrations.findIndex(({ name }) => name === released) + 1);
  const broken = since.flatMap(({ name, class: migration }) =>
    statementsOf(migration).flatMap((statement) =>
      (breaksOlderServices(statement) ?? []).map(
        (why) => `${name}: ${why}: ${statement.trim().slice(0, 80)}`,
      ),
    ),
  );
  expect(broken).toEqual([]);
});

it.each([
  'alter table call add column note text',
  'alter table call add note text not null default $$x$$',
  `alter table call add kind text not null default 'x' check (kind in ('x', 'drop column'))`,
  'create table later (id uuid primary key, name text not null)',
  'create index later_name on later (name)',
  'drop index call_caller_number',
  'alter table later enable row level security',
  "comment on table call is 'we never drop table call; rename to nothing'",
])('older services live with: %s', (statement) => {
  expect(breaksOlderServices(statement)).toBeNull();
});

it.each([
  ['drop table call', 'takes something away'],
  ['alter table call drop column note', 'takes something away'],
  ['alter table call drop note', 'takes something away'],
  ['alter table call rename to calls', 'renames'],
  ['ALTER TABLE call\n  RENAME COLUMN a TO b', 'renames'],
  ['alter table call alter column a type bigint', 'changes a type'],
  ['alter table call alter a set data type bigint', 'changes a type'],
  ['alter table call alter column a set not null', 'wants what they do not give'],
  ['alter table call add b text not null', 'wants what they do not give'],
  ['alter table call add c text not null, add d text default 1', 'wants what they do not give'],
  [`alter table call add constraint x check (a > 0)`, 'wants what they do not give'],
  ['create unique index x on call (a)', 'wants what they do not give'],
  ['truncate call', 'takes something away'],
  ['alter table call alter column a drop default', 'takes something away'],
])('older services break by: %s', (statement, why) => {
  expect(breaksOlderServices(statement)).toContain(why);
});
