import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import {
  addPbx,
  addTenant,
  applyEvents,
  openDatabase,
  prepareDatabase,
  type Database,
} from '@trunkline/database';
import { readEvent, tenantId, type PbxId } from '@trunkline/domain';
import { createLogger, createRedisConnections, type RedisConnections } from '@trunkline/service-kit';
import { runCli } from '../run-cli.ts';
import { CapturedTerminal } from './captured-terminal.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

export interface RunOptions {
  readonly terminal?: CapturedTerminal;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const silent = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });

/** A database and a key prefix of a test's own, with one tenant and one PBX, and the CLI on them. */
export class CliLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('cli');
  readonly tenant = tenantId('10000000-0000-4000-8000-000000000001');
  readonly database: Database;
  readonly databaseUrl: string;
  readonly redis: RedisConnections;
  readonly pbx: PbxId;
  readonly #stack = new AsyncDisposableStack();
  #seq = 0;

  private constructor(databaseUrl: string, database: Database, redis: RedisConnections, pbx: PbxId) {
    this.databaseUrl = databaseUrl;
    this.database = database;
    this.redis = redis;
    this.pbx = pbx;
  }

  static async open(): Promise<CliLab> {
    const created = await createTestDatabase(async (url) => void (await prepareDatabase(url, new Date())));
    const database = await openDatabase({ url: created.url, applicationName: 'lab', connectionsMax: 4 });
    const redis = createRedisConnections({ url: testRedisUrl(), logger: silent, name: 'lab' });
    const tenant = tenantId('10000000-0000-4000-8000-000000000001');
    const pbx = await database.run(async (tx) => {
      await addTenant(tx, { id: tenant, name: 'Acme' });
      const about = { vendor: 'yeastar', address: 'https://pbx.test', trust: 'public', credential: 'head' };
      return await addPbx(tx, { tenant, name: 'Head office', ...about });
    });
    const lab = new CliLab(created.url, database, redis, pbx);
    lab.#stack.use(created);
    lab.#stack.use(database);
    lab.#stack.defer(() => redis.closeAll());
    return lab;
  }

  get env(): Record<string, string> {
    return {
      DATABASE_URL: this.databaseUrl,
      REDIS_URL: testRedisUrl(),
      TRUNKLINE_REDIS_PREFIX: this.prefix,
      TRUNKLINE_STREAM_SHARDS: '2',
      USER: 'ada',
    };
  }

  async run(
    args: readonly string[],
    { terminal = new CapturedTerminal(), env = {} }: RunOptions = {},
  ): Promise<Ran> {
    const code = await runCli(args, { env: { ...this.env, ...env }, terminal });
    return { code, out: terminal.outText, notes: terminal.noteText };
  }

  /** What the command gave a program. */
  async json<Shape>(...args: string[]): Promise<Shape> {
    const { code, out, notes } = await this.run([...args, '--json']);
    if (code !== 0) throw new Error(`exit code ${code}: ${notes}`);
    return JSON.parse(out) as Shape;
  }

  /** Lets the PBX say something, as it would come out of a stream; so many seconds ago. */
  async hear(type: string, payload: Record<string, unknown>, secondsAgo = 0): Promise<void> {
    this.#seq += 1;
    const whole = { at: Date.now() - secondsAgo * 1_000, ...payload };
    const event = readEvent({ source: this.pbx, epoch: 1, seq: this.#seq, type }, whole);
    await this.database.run((tx) => applyEvents(tx, [{ event, payload: JSON.stringify(whole) }]));
  }

  async query<Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return await this.database.run((tx) => tx.query<Row>(statement, parameters));
  }

  /** All rows of all tables with their places and the transactions that wrote them: whatever is written shows. */
  async dump(): Promise<string> {
    const tables = await this.query<{ name: string; row: string }>(
      `select format('%I', relname) as name,
         case relkind when 'S' then 'last_value, is_called' else 'ctid, xmin, xmax, t' end as row
       from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') order by 1`,
    );
    const parts: string[] = [];
    for (const { name, row } of tables) {
      const rows = await this.query<{ row: string }>(
        `select concat_ws(' ', ${row}) as row from ${name} t order by 1`,
      );
      parts.push(`${name}\n${rows.map((each) => each.row).join('\n')}`);
    }
    return parts.join('\n\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
