import { describe, expect, it } from 'vitest';
import { postgresContainer, redisContainer } from './container-requests.ts';
import { requireEngine, volumeName } from './container-servers.ts';

describe('what is asked of the engine', () => {
  it('keeps the data of a checkout in a volume, and that of a test nowhere', () => {
    expect(postgresContainer('pw', 'trunkline-abc-postgres').volume).toEqual({
      name: 'trunkline-abc-postgres',
      mountedAt: '/var/lib/postgresql',
    });
    expect(redisContainer('pw', 'trunkline-abc-redis').volume?.mountedAt).toBe('/data');
    expect([postgresContainer('pw').volume, redisContainer('pw').volume]).toEqual([undefined, undefined]);
  });

  it('persists Redis by its append-only file only where data is kept, and never evicts', () => {
    const [kept, thrown] = [redisContainer('pw', 'v'), redisContainer('pw')].map(({ command }) =>
      command?.join(' '),
    );
    expect(kept).toMatch(/appendonly yes.*maxmemory-policy noeviction/s);
    expect(thrown).toMatch(/appendonly no/);
  });

  it('hands no password over on a command line', () => {
    const commands = [postgresContainer('hush', 'v'), redisContainer('hush', 'v')].map(
      ({ command }) => command,
    );
    expect(JSON.stringify(commands)).not.toContain('hush');
  });

  it('knows the address of what it asked for', () => {
    expect(postgresContainer('pw').url('127.0.0.1', 5)).toBe(
      'postgresql://trunkline:pw@127.0.0.1:5/postgres',
    );
    expect(redisContainer('pw').url('127.0.0.1', 6)).toBe('redis://:pw@127.0.0.1:6');
  });

  it('names volumes by checkout', () => {
    expect(volumeName('/a', 'redis')).toMatch(/^trunkline-[0-9a-f]{12}-redis$/);
    expect(volumeName('/a', 'redis')).not.toBe(volumeName('/b', 'redis'));
  });
});

describe('an engine that is not there', () => {
  it('is an error that says what to do', async () => {
    const looking = requireEngine(() => Promise.reject(new Error('no working strategy')));
    await expect(looking).rejects.toThrow(
      /no container engine answers.*Start Docker.*unset TRUNKLINE_BACKING/s,
    );
  });
});
