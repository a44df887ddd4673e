import { Migration } from '@mikro-orm/migrations';

/** The sound of recordings: where it lies, and what is still to be done to have it. */
export class Migration017Recordings extends Migration {
  override up(): void {
    // How long recordings are kept; null: until somebody deletes them.
    this.addSql('alter table tenant add recordings_kept_days integer check (recordings_kept_days > 0)');
    // A row is what the PBX says that it has, so one recording is one row, and whatever tells of it makes it due.
    this.addSql(`
      alter table recording
        add id uuid not null default gen_random_uuid() unique,
        add status text not null default 'pending'
          check (status in ('pending', 'stored', 'failed', 'deleted')),
        add attempts integer not null default 0,
        add due_at timestamptz not null default clock_timestamp(),
        -- Who fetches it, and until when that counts.
        add claim uuid,
        add claimed_until timestamptz,
        -- Why it is not there (yet), in words.
        add problem text,
        add content_type text,
        add bytes bigint,
        add sha256 text,
        add stored_at timestamptz,
        add deleted_at timestamptz,
        -- A file may lie under this key; of a deleted one until the file is gone too.
        add file_key text`);
    this.addSql(`create index recording_due on recording (due_at) where status = 'pending'`);
    this.addSql(`create index recording_claimed on recording (pbx_id) where claim is not null`);
    this.addSql(`create index recording_stored on recording (tenant_id, ready_at) where status = 'stored'`);
    this.addSql(
      `create index recording_leftover on recording (id) where status = 'deleted' and file_key is not null`,
    );
    this.addSql('create index recording_of_tenant on recording (tenant_id, ready_at desc, id desc)');
  }

  override down(): void {
    this.addSql(`
      alter table recording drop id, drop status, drop attempts, drop due_at, drop claim, drop claimed_until,
        drop problem, drop content_type, drop bytes, drop sha256, drop stored_at, drop deleted_at, drop file_key`);
    this.addSql('alter table tenant drop recordings_kept_days');
  }
}
