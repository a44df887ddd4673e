import { describe, expect, it } from 'vitest';
import { readBackingConfig } from './backing-config.ts';
import { withoutPassword } from './given-servers.ts';

describe('readBackingConfig', () => {
  it('leaves everything to the ladder unless told otherwise', () => {
    expect(readBackingConfig({})).toEqual({ containers: false });
    expect(readBackingConfig({ DATABASE_URL: '', REDIS_URL: '', TRUNKLINE_BACKING: '' })).toEqual({
      containers: false,
    });
  });

  it('takes what it is told', () => {
    const given = { DATABASE_URL: 'postgres://db.example/x', REDIS_URL: 'rediss://cache.example' };
    expect(readBackingConfig({ ...given, TRUNKLINE_BACKING: 'containers' })).toEqual({
      databaseUrl: 'postgres://db.example/x',
      redisUrl: 'rediss://cache.example',
      containers: true,
    });
  });

  it.each([
    [{ DATABASE_URL: 'not a url' }, /^DATABASE_URL is not a URL\. Example: postgresql:/],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL begins with "mysql:", not with postgresql: or postgres:/],
    [{ REDIS_URL: 'http://x' }, /^REDIS_URL begins with "http:".*Example: redis:/],
    [{ TRUNKLINE_BACKING: 'docker' }, /^TRUNKLINE_BACKING is "docker".*Set it to "containers"/],
  ])('%j is refused with what is wrong and an example', (environment, message) => {
    expect(() => readBackingConfig(environment)).toThrow(message);
  });

  it('never repeats a password', async () => {
    const refusal = new Promise(() => readBackingConfig({ DATABASE_URL: 'mysql://u:secret@h/x' }));
    await expect(refusal).rejects.toThrow(/^(?!.*secret)/s);
    expect(withoutPassword('redis://:secret@h:1')).toBe('redis://:***@h:1');
  });
});
