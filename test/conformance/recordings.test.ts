import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openRecording, type OpenedRecording } from '@trunkline/pbx';
import { checkSound } from '@trunkline/recordings';
import { createLogger } from '@trunkline/service-kit';
import { expect, it } from 'vitest';
import { LinkLab, until } from './link-lab.ts';

const logger = createLogger({ name: 'recordings', level: 'silent', redactPhoneNumbers: true });

const open = (lab: LinkLab, recording: string, session = lab.session): Promise<OpenedRecording> =>
  openRecording(lab.target(), recording, {
    session,
    signal: AbortSignal.timeout(10_000),
    now: Date.now,
    silenceMs: 5_000,
    logger,
  });

async function soundOf(opened: OpenedRecording): Promise<Buffer> {
  if (opened.kind !== 'sound') throw new Error(opened.problem);
  return buffer(Readable.from(checkSound(opened.bytes).pass(opened.body)));
}

async function recorded(lab: LinkLab): Promise<string> {
  await lab.connect();
  const call = lab.simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
  call.ring();
  call.answer();
  call.record();
  call.hangUp();
  await until(() => (lab.recordings().length > 0 ? [] : ['none yet']), 'waiting for a recording');
  return lab.recordings()[0]?.recording ?? '';
}

it.each(['yeastar', 'asterisk-ari'] as const)(
  '%s: a recording that was told of is opened under its name, and every way in which it is not all there is told apart',
  async (dialect) => {
    await using lab = await LinkLab.open(dialect);
    const recording = await recorded(lab);
    const sound = await soundOf(await open(lab, recording));
    expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
    expect(sound).toHaveLength(16_044);
    expect((await open(lab, 'none of ours.wav')).kind).toBe('missing');
    expect((await open(lab, '../etc/passwd?x=1')).kind).toBe('missing');

    const { control } = lab.simulator;
    control.fault({ kind: 'recordings', how: 'missing' });
    expect((await open(lab, recording)).kind).toBe('missing');
    control.fault({ kind: 'recordings', how: 'expired' });
    expect((await open(lab, recording)).kind).toBe(dialect === 'yeastar' ? 'broken' : 'later');
    control.fault({ kind: 'recordings', how: 'short' });
    await expect(open(lab, recording).then(soundOf)).rejects.toThrow(
      'says that it has 16044 bytes, and 8022 came',
    );
    control.fault({ kind: 'recordings', how: 'cut' });
    await expect(open(lab, recording).then(soundOf)).rejects.toThrow(/aborted|hang up|announced/);
    control.heal();
    expect(await soundOf(await open(lab, recording))).toEqual(sound);
  },
);

it('yeastar: without a live session of the link nothing is asked, and a token that ended is told as such', async () => {
  await using lab = await LinkLab.open('yeastar');
  const recording = await recorded(lab);
  const { requests } = lab.simulator.control.counters();
  expect((await open(lab, recording, { ...lab.session, read: () => Promise.resolve(null) })).kind).toBe(
    'later',
  );
  expect(lab.simulator.control.counters().requests).toBe(requests);
  const kept = await lab.session.read();
  lab.simulator.control.fault({ kind: 'expireTokens' });
  const session = { ...lab.session, read: () => Promise.resolve(kept) };
  expect((await open(lab, recording, session)).kind).toBe('later');
});

it('asterisk-ami: gives out none, which is said', async () => {
  await using lab = await LinkLab.open('asterisk-ami');
  expect(await open(lab, 'a.wav')).toEqual({
    kind: 'hopeless',
    problem: expect.stringContaining('ARI') as string,
  });
});
