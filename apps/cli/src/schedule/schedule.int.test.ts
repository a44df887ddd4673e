import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliLab } from '../testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());

const redisAway = { env: { REDIS_URL: 'redis://127.0.0.1:1' } };
const redisMessage = "Redis can't be reached. Is it running, and is REDIS_URL right?";

describe('schedule list', () => {
  it('says that nothing is scheduled where no worker has run', async () => {
    const { code, out } = await lab.run(['schedule', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^name +every +next +last +outcome\nstuck-calls +not scheduled: no stuck-call worker has run/,
    );
    expect(await lab.json('schedule', 'list')).toEqual({
      stuckCalls: { schedule: null, last: null },
      chores: [],
    });
  });

  it('shows the chores of the workers, with what went wrong', async () => {
    await lab.query(
      `insert into housekeeping (task, due_at, finished_at, problem)
       values ('prune floors', now() + interval '10 minutes', now() - interval '50 minutes', 'no space left')`,
    );
    const { out } = await lab.run(['schedule', 'list']);
    expect(out).toMatch(/\nprune floors +- +in (10|9) min.* 50 min ago +no space left$/);
  });

  it('says so when Redis is away', async () => {
    expect(await lab.run(['schedule', 'list'], redisAway)).toMatchObject({ code: 1, notes: redisMessage });
  });
});

describe('schedule run', () => {
  it('says that no worker is there to do it', async () => {
    const { code, out, notes } = await lab.run(['schedule', 'run', '--wait', '1s']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(notes).toMatch(/^No stuck-call worker took the sweep up, so nothing was done/);
  });

  it('says so when Redis is away', async () => {
    expect(await lab.run(['schedule', 'run'], redisAway)).toMatchObject({ code: 1, notes: redisMessage });
  });

  it('knows what can be run', async () => {
    const { code, notes } = await lab.run(['schedule', 'run', 'laundry']);
    expect(code).toBe(2);
    expect(notes).toMatch(/Allowed choices are stuck-calls/);
    expect((await lab.run(['schedule', 'run', '--wait', 'long'])).code).toBe(2);
  });
});
