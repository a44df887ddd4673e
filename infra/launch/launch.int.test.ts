import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goneFrom, launchIn, processesOf } from './testing/launched.ts';
import type { Launched, Told } from './testing/launched.ts';

/** Folders that only their owner may enter, as mkdtemp makes them: the hard case for a PostgreSQL started by root. */
let folder = '';
let other = '';
let launched: Launched[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trunkline-launch-'));
  other = mkdtempSync(join(tmpdir(), 'trunkline-other-'));
});

afterEach(async () => {
  for (const one of launched) await one.end('SIGKILL');
  launched = [];
  for (const path of [folder, other]) {
    await goneFrom(path, 5_000);
    rmSync(path, { recursive: true, force: true });
  }
});

function launch(where = folder): Launched {
  const one = launchIn(where);
  launched.push(one);
  return one;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function redis<Answer>(url: string, ask: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(url);
  client.on('error', () => {});
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

describe('npm start', () => {
  it('brings up stores, schema and apps, keeps their data, and stops all of it on Ctrl-C with code 0', async () => {
    const first = launch();
    const { databaseUrl, redisUrl } = await first.ready();
    expect(
      await query(
        databaseUrl,
        "select count(*)::int > 0 as migrated from pg_tables where schemaname = 'public'",
      ),
    ).toEqual([{ migrated: true }]);
    await query(databaseUrl, 'create table kept as select 7 as seven');
    await redis(redisUrl, (client) => client.set('kept', 'yes'));
    expect(processesOf(folder).length).toBeGreaterThan(4);
    expect(await first.end('SIGINT')).toBe(0);
    await goneFrom(folder, 200);
    expect(first.output()).toMatch(/\[echo\] echo listens\n.*Stopping \.\.\.\n\[echo\] echo stops\n$/s);

    const second = launch();
    const again = await second.ready();
    expect([again.databaseUrl, again.redisUrl]).toEqual([databaseUrl, redisUrl]);
    expect(await query(databaseUrl, 'select seven from kept')).toEqual([{ seven: 7 }]);
    expect(await redis(redisUrl, (client) => client.get('kept'))).toBe('yes');
    expect(await second.end('SIGTERM')).toBe(0);
    await goneFrom(folder, 200);
  });

  it('leaves nothing running five seconds after a SIGKILL, and nothing lost that was committed', async () => {
    const first = launch();
    const { databaseUrl } = await first.ready();
    await query(databaseUrl, 'create table kept as select generate_series(1, 50000) as number');
    processesOf(folder);
    await first.end('SIGKILL');
    await goneFrom(folder, 5_000);
    const { databaseUrl: again } = await launch().ready();
    expect(await query(again, 'select count(*)::int from kept')).toEqual([{ count: 50_000 }]);
  });

  it('can be started at once after a SIGKILL: it waits for what is just being stopped', async () => {
    const first = launch();
    const { redisUrl } = await first.ready();
    await redis(redisUrl, (client) => client.set('kept', 'yes'));
    processesOf(folder);
    await first.end('SIGKILL');
    const { redisUrl: again } = await launch().ready();
    expect(await redis(again, (client) => client.get('kept'))).toBe('yes');
  });

  it('refuses a second start in the same checkout, and the first goes on', async () => {
    const first = launch();
    const { url } = await first.ready();
    const second = launch();
    await second.says(new RegExp(`already running in ${folder} \\(process ${first.pid}\\)`));
    expect(await second.exit()).toBe(1);
    expect((await fetch(url)).status).toBe(200);
  });

  it('lets two checkouts run beside each other', async () => {
    const [first, second] = [launch(folder), launch(other)];
    const [one, two] = await Promise.all([first.ready(), second.ready()]);
    expect(
      new Set([one.databaseUrl, two.databaseUrl, one.redisUrl, two.redisUrl, one.url, two.url]).size,
    ).toBe(6);
    await second.end('SIGTERM');
    expect((await fetch(one.url)).status).toBe(200);
  });

  it('reports an app that dies with its last words, and brings it back', async () => {
    const first = launch();
    const { url, pid } = await first.ready();
    await fetch(`${url}/die`).catch(() => {});
    await first.says(
      /echo ended with code 3\. Its last lines:\n(?:\[echo\] .*\n)*\[echo\] a bug in echo\necho is started again in 250 ms\./,
    );
    await first.says(/started again in 250 ms\.\n(?:.*\n)*\[echo\] echo listens/);
    const response = await fetch(url);
    expect(((await response.json()) as Told).pid).not.toBe(pid);
  });

  it('brings back a store that dies, on its port and with its data', async () => {
    const first = launch();
    const { redisUrl } = await first.ready();
    const info = await redis(redisUrl, async (client) => {
      await client.set('kept', 'yes');
      await client.call('WAITAOF', '1', '0', '3000').catch(() => sleep(1_200));
      return await client.info('server');
    });
    process.kill(Number(/process_id:(\d+)/.exec(info)?.[1]), 'SIGKILL');
    await first.says(/Redis ended with SIGKILL.*Redis is started again/s);
    expect(await redis(redisUrl, (client) => client.get('kept'))).toBe('yes');
  });

  it('can be stopped while it starts', async () => {
    const first = launch();
    await sleep(350);
    expect([0, null]).toContain(await first.end('SIGTERM'));
    await goneFrom(folder, 200);
  });
});
