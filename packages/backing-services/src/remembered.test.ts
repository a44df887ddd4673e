import { once } from 'node:events';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkoutPaths } from './checkout-paths.ts';
import { scratchFolder } from './processes/testing/scratch-folder.ts';
import { rememberedPort, rememberedSecret, rememberPort } from './remembered.ts';

describe('secrets of a checkout', () => {
  it('are made once, differ between checkouts, and are for their owner only', () => {
    using one = scratchFolder();
    using other = scratchFolder();
    const paths = checkoutPaths(one.path);
    const secret = rememberedSecret(paths, 'postgres');
    const second = rememberedSecret(paths, 'redis');
    expect(rememberedSecret(paths, 'postgres')).toBe(secret);
    expect(rememberedSecret(checkoutPaths(other.path), 'postgres')).not.toBe(secret);
    expect(second).not.toBe(secret);
    expect(statSync(join(paths.home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('that cannot be read are an error: new ones would lock us out of the data', () => {
    using one = scratchFolder();
    const paths = checkoutPaths(one.path);
    rememberedSecret(paths, 'postgres');
    writeFileSync(join(paths.home, 'secrets.json'), '{ "postgresPass');
    expect(() => rememberedSecret(paths, 'postgres')).toThrow(/secrets\.json cannot be read/);
  });
});

describe('ports of a checkout', () => {
  it('stay the same from start to start, until somebody else has one', async () => {
    using one = scratchFolder();
    const paths = checkoutPaths(one.path);
    const port = await rememberedPort(paths, 'redis');
    rememberPort(paths, 'redis', port);
    rememberPort(paths, 'postgres', 1);
    expect(await rememberedPort(paths, 'redis')).toBe(port);
    await using server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await rememberedPort(paths, 'redis')).not.toBe(port);
  });

  it('that are forgotten are found anew', async () => {
    using one = scratchFolder();
    const paths = checkoutPaths(one.path);
    rememberPort(paths, 'redis', await rememberedPort(paths, 'redis'));
    rmSync(paths.home, { recursive: true });
    expect(await rememberedPort(paths, 'redis')).toBeGreaterThan(0);
  });
});
