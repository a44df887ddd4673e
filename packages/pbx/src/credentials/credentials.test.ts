import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredentials } from './create-credentials.ts';
import { credentialMark } from './credential-mark.ts';
import { credentialVariables } from './credential-names.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function put(name: string, files: Record<string, string>): Promise<void> {
  await mkdir(join(directory, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, name, file), text);
}

describe('a credential', () => {
  it('is found in the environment by its name in capitals', async () => {
    const env = { TRUNKLINE_PBX_HEAD_OFFICE_USERNAME: 'api', TRUNKLINE_PBX_HEAD_OFFICE_SECRET: 's3cret' };
    expect(await createCredentials({ env }).find('head-office')).toEqual({
      username: 'api',
      secret: 's3cret',
    });
    expect(credentialVariables({ ...env, TRUNKLINE_PBX_: 'x', PATH: '/bin' })).toEqual(Object.keys(env));
  });

  it('is else found in its folder, and found anew when it was changed there', async () => {
    await put('branch', { username: 'api\n', password: ' pass word\r\n' });
    const credentials = createCredentials({ env: {}, directory });
    expect(await credentials.find('branch')).toEqual({ username: 'api', secret: ' pass word' });
    await put('branch', { password: 'other' });
    expect(await credentials.find('branch')).toEqual({ username: 'api', secret: 'other' });
  });

  it.each([
    ['nowhere', {}, /no credential "nowhere"\. Set TRUNKLINE_PBX_NOWHERE_USERNAME and .*_SECRET, or put/],
    ['half', { TRUNKLINE_PBX_HALF_USERNAME: 'api' }, /incomplete: TRUNKLINE_PBX_HALF_SECRET is not set/],
    ['nothing', { TRUNKLINE_PBX_NOTHING_SECRET: '' }, /no credential "nothing"/],
    ['../etc', {}, /no name of a credential/],
  ])('%s that is not there is an error with its remedy', async (name, env, problem) => {
    await expect(createCredentials({ env, directory }).find(name)).rejects.toThrow(problem);
  });

  it('with half of its files is incomplete', async () => {
    await put('torn', { username: 'api', password: '\n' });
    await expect(createCredentials({ env: {}, directory }).find('torn')).rejects.toThrow(
      /torn\/password is missing or empty/,
    );
    await expect(createCredentials({ env: {} }).find('torn')).rejects.toThrow(/TRUNKLINE_CREDENTIALS_DIR/);
  });
});

describe('the mark of a credential', () => {
  it('is the same for the same one, another for any other, and shows nothing of it', async () => {
    const credential = { username: 'api', secret: 's3cret' };
    const mark = await credentialMark('head', credential);
    expect(mark).toMatch(/^[0-9a-f]{32}$/);
    expect(await credentialMark('head', { ...credential })).toBe(mark);
    const others = await Promise.all([
      credentialMark('branch', credential),
      credentialMark('head', { ...credential, secret: 's3cret ' }),
      credentialMark('head', { username: 'apis', secret: '3cret' }),
    ]);
    expect(new Set([mark, ...others]).size).toBe(4);
  });
});
