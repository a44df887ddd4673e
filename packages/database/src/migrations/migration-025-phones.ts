import { Migration } from '@mikro-orm/migrations';

/**
 * Every phone that ever took part in a call, so that whoever watched it there hears that it went elsewhere or ended. The database
 * sees to it, whoever writes, the services of the version before too. Null for calls of before: nobody can say any more.
 */
export class Migration025Phones extends Migration {
  override up(): void {
    this.addSql('alter table call add phones text[]');
    this.addSql(`
      create function begin_call_phones() returns trigger language plpgsql as $$ begin
        new.phones := new.extensions;
        return new;
      end $$`);
    this.addSql(`
      create function add_call_phones() returns trigger language plpgsql as $$ begin
        new.phones := old.phones || array(
          select distinct phone from unnest(new.extensions) as phone where phone <> all (old.phones) order by phone
        );
        return new;
      end $$`);
    this.addSql(`
      create trigger begin_call_phones before insert on call for each row execute function begin_call_phones()`);
    // Where nobody joins, which is nearly always, no function is called.
    this.addSql(`
      create trigger add_call_phones before update of extensions on call for each row
        when (not new.extensions <@ old.phones) execute function add_call_phones()`);
  }

  override down(): void {
    this.addSql('drop trigger add_call_phones on call');
    this.addSql('drop trigger begin_call_phones on call');
    this.addSql('drop function add_call_phones');
    this.addSql('drop function begin_call_phones');
    this.addSql('alter table call drop phones');
  }
}
