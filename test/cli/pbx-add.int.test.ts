import { dialects } from '@trunkline/pbx-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedPbx } from './simulated-pbx.ts';

const kept = 'Branch is kept, switched off. Correct what is wrong and add it again under the same name.';

describe('pbx add', () => {
  it.each(dialects)('adds a PBX that was reached and logged in to: %s', async (dialect) => {
    await using pbx = await SimulatedPbx.open(dialect);
    const { code, out, notes } = await pbx.add();
    expect({ code, notes }).toEqual({ code: 0, notes: 'Checking 127.0.0.1:'.concat(portOf(pbx), ' …') });
    expect(out).toMatch(/^It answers(?: as .+)?: 4 phones, 0 calls going on\./);
    expect(out).toMatch(
      /\nAdded Branch \([0-9a-f-]{36}\)\. A connector takes it up within seconds: trunkline pbx show "Branch"$/,
    );
    expect(await pbx.shown()).toMatchObject({ enabled: true, link: { credentialFailures: 0 } });

    expect(await pbx.add()).toMatchObject({
      code: 1,
      notes: expect.stringContaining('There is already a PBX "Branch"') as string,
    });
  });

  it('counts a refused secret, keeps the PBX switched off, and takes the right one when it is added again', async () => {
    await using pbx = await SimulatedPbx.open();
    const { code, out, notes } = await pbx.add({}, 'not this one');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(notes).toContain('That was refusal 1 of the 3 in a row that are risked');
    expect(notes).toContain(kept);
    expect(notes).not.toContain('not this one');
    expect(await pbx.shown()).toMatchObject({ enabled: false, link: { credentialFailures: 1 } });

    expect((await pbx.add()).code).toBe(0);
    expect(await pbx.shown()).toMatchObject({ enabled: true, link: { credentialFailures: 0 } });
  });

  it('tries a wrong secret no more than three times, until the operator says so', async () => {
    await using pbx = await SimulatedPbx.open();
    for (let time = 1; time <= 3; time += 1)
      expect((await pbx.add({}, 'not this one')).notes).toContain(`refusal ${time} of the 3`);
    const logins = () => pbx.simulator.control.counters().logins;
    const before = logins();
    expect((await pbx.add({}, 'not this one')).notes).toMatch(
      /refused this credential 3 times in a row, so no login was tried/,
    );
    expect(logins()).toEqual(before);

    expect((await pbx.run(['pbx', 'retry', 'Branch'])).code).toBe(0);
    expect((await pbx.add({}, 'not this one')).notes).toContain('refusal 1 of the 3');
  });

  it('names the fingerprint of a certificate that is not trusted, and trusts it then', async () => {
    await using pbx = await SimulatedPbx.open();
    const { code, notes } = await pbx.add({ trust: 'public' });
    expect(code).toBe(1);
    expect(notes).toContain(`If that is its certificate, say --trust ${pbx.trust}`);
    expect(notes).toContain(kept);
    expect((await pbx.add({ trust: 'sha256:'.padEnd(71, '0') })).notes).toContain(`--trust ${pbx.trust}`);
    expect((await pbx.add()).code).toBe(0);
  });

  it('says that nothing answers there', async () => {
    await using pbx = await SimulatedPbx.open();
    const { code, notes } = await pbx.add({ address: 'https://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(notes).toMatch(/ECONNREFUSED|refused/);
    expect(notes).toContain(kept);
    expect(notes).not.toMatch(/\n {4}at /);
  });

  it('heeds a block of our address, and lets an operator lift it', async () => {
    await using pbx = await SimulatedPbx.open();
    pbx.simulator.control.fault({ kind: 'block', ms: 60_000 });
    const first = await pbx.add();
    expect(first.code).toBe(1);
    expect(first.notes).toMatch(/Nobody tries again for 1\d min/);
    expect(await pbx.shown()).toMatchObject({ enabled: false, link: { blocks: [{ egress: 'default' }] } });
    expect((await pbx.add()).notes).toMatch(/blocks our address for another 1\d min.*no login was tried/);

    pbx.simulator.control.heal();
    const refused = await pbx.run(['pbx', 'retry', 'Branch']);
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('add --unblocked') as string });
    expect((await pbx.run(['pbx', 'retry', 'Branch', '--unblocked'])).code).toBe(0);
    expect((await pbx.add()).code).toBe(0);
  });

  it('says how a credential is given, where there is none, and leaves it to the connectors with --no-check', async () => {
    await using pbx = await SimulatedPbx.open();
    const { code, notes } = await pbx.add({ credential: 'other' });
    expect(code).toBe(1);
    expect(notes).toContain('TRUNKLINE_PBX_OTHER_USERNAME');
    expect(notes).toContain('--no-check');
    const { address, dialect } = pbx.simulator;
    const words = ['--vendor', dialect, '--address', address, '--credential', 'other', '--no-check'];
    expect((await pbx.run(['pbx', 'add', 'Branch', ...words])).code).toBe(0);
    expect(await pbx.shown()).toMatchObject({ enabled: true });
  });

  it('asks whose it is where there are several tenants', async () => {
    await using pbx = await SimulatedPbx.open();
    await pbx.run(['tenant', 'add', 'Initech']);
    expect((await pbx.add()).notes).toContain('Say whose it is with --tenant: there are Acme, Initech.');
    expect((await pbx.add({ tenant: 'Initech' })).code).toBe(0);
  });
});

describe('pbx add with words that make no sense', () => {
  let pbx: SimulatedPbx;
  beforeAll(async () => {
    pbx = await SimulatedPbx.open();
  });
  afterAll(() => pbx[Symbol.asyncDispose]());

  it.each([
    [{ vendor: 'avaya' }, /avaya/],
    [{ address: 'pbx.example.com' }, /address/i],
    [{ trust: 'anybody' }, /trust|fingerprint/i],
    [{ trust: '@/no/such/file' }, /\/no\/such\/file can't be read/],
    [{ option: 'extensionPattern' }, /--option name=value/],
  ])('refuses %j as bad usage, and writes nothing down', async (changes, message) => {
    const { code, out, notes } = await pbx.add(changes);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(notes).toMatch(message);
    expect(await pbx.shown()).toBeUndefined();
  });
});

const portOf = ({ simulator }: SimulatedPbx): string => new URL(simulator.address).port;
