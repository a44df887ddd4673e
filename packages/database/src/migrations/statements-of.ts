import type { Migration } from '@mikro-orm/migrations';

type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** What a migration would send, without a database. */
export function statementsOf(migration: MigrationClass): string[] {
  const sent: string[] = [];
  const made = Object.create(migration.prototype as object) as Migration;
  made.addSql = (statement) => {
    if (typeof statement !== 'string') throw new TypeError('a migration here is SQL that can be read');
    sent.push(statement);
  };
  void made.up();
  return sent;
}
