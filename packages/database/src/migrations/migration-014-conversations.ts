import { Migration } from '@mikro-orm/migrations';
import { tenantRole, tenantSetting } from '../tenant-role.ts';

/** What is written in conversations, in order. */
export class Migration014Conversations extends Migration {
  override up(): void {
    this.addSql(`
      create table conversation (
        tenant_id uuid not null references tenant,
        id text not null check (length(id) between 1 and 256),
        -- Whose it is alone; null where everybody of the tenant may see it.
        owner text,
        -- Also the number of the last message: whoever adds one locks this row, so that numbers have no gap.
        messages integer not null default 0,
        created_at timestamptz not null default clock_timestamp(),
        primary key (tenant_id, id)
      ) with (fillfactor = 70)`);
    this.addSql(`
      create table conversation_message (
        tenant_id uuid not null,
        conversation_id text not null,
        number integer not null,
        author text not null,
        -- The name that its author gave it, by which a repetition is known.
        message_id text not null,
        text text not null,
        at timestamptz not null default clock_timestamp(),
        -- Its message in the outbox, until somebody has relayed that in its turn.
        outbox_id bigint,
        primary key (tenant_id, conversation_id, number),
        unique (tenant_id, conversation_id, author, message_id),
        foreign key (tenant_id, conversation_id) references conversation on delete cascade
      ) with (fillfactor = 90)`);
    this.addSql(`
      create index conversation_message_untold on conversation_message (tenant_id, conversation_id)
      where outbox_id is not null`);

    const isOwn = `nullif(current_setting('${tenantSetting}', true), '')::uuid`;
    for (const table of ['conversation', 'conversation_message']) {
      this.addSql(`grant select on ${table} to ${tenantRole}`);
      this.addSql(`alter table ${table} enable row level security`);
      this.addSql(`create policy own_tenant on ${table} to ${tenantRole} using (tenant_id = ${isOwn})`);
    }
  }

  override down(): void {
    this.addSql('drop table conversation_message');
    this.addSql('drop table conversation');
  }
}
