import { IngestLab, until } from '@trunkline/ingest/testing';
import { expect, it } from 'vitest';
import { createLifecycleWorker } from './create-lifecycle-worker.ts';

it('calls, phones and recordings are told by type, and what links say is left to others', async () => {
  await using lab = await IngestLab.open();
  const pbx = await lab.addPbx();
  await lab.started(createLifecycleWorker(lab.context()));
  await lab.say(pbx, 'call.ringing', { call: 'c', extensions: ['20'] });
  await lab.settled([pbx], ['lifecycle']);
  await lab.say(pbx, 'call.connected', { call: 'c', extensions: ['20'] });
  await lab.say(pbx, 'extension.changed', { extension: '20', status: 'incall' });
  await lab.say(pbx, 'recording.ready', { recording: 'r.wav', call: 'c' });
  await lab.settled([pbx], ['lifecycle']);
  await lab.say(pbx, 'recording.ready', { recording: 'r.wav', call: 'c', durationSeconds: 7 });
  await lab.say(pbx, 'link.disconnected');
  await lab.settled([pbx], ['lifecycle']);
  await until(async () => (await lab.rows('select from outbox')).length === 0);

  const told = async (type: string) => await lab.told(pbx.tenant, type);
  expect(await told('new_call')).toMatchObject([{ call: 'c', status: 'ringing', revision: 1 }]);
  expect(await told('call_update')).toMatchObject([{ call: 'c', status: 'connected', revision: 2 }]);
  expect(await told('extension_update')).toMatchObject([{ extension: '20', status: 'incall' }]);
  expect(await told('new_recording')).toMatchObject([{ recording: 'r.wav', durationSeconds: null }]);
  expect(await told('recording_update')).toMatchObject([{ recording: 'r.wav', durationSeconds: 7 }]);
  expect(await told('pbx-disconnected')).toEqual([]);
  expect(await lab.rows('select status from call')).toEqual([{ status: 'connected' }]);
});

it('two replicas share the work, and one goes on when the other stops', async () => {
  await using lab = await IngestLab.open();
  const pbxs = await Promise.all(Array.from({ length: 6 }, () => lab.addPbx()));
  const first = await lab.started(createLifecycleWorker(lab.context()));
  await lab.started(createLifecycleWorker(lab.context()));
  for (const pbx of pbxs) await lab.say(pbx, 'call.ringing', { call: 'a' });
  await lab.settled(pbxs, ['lifecycle']);
  await first.stop();
  for (const pbx of pbxs) await lab.say(pbx, 'call.connected', { call: 'a' });
  await lab.settled(pbxs, ['lifecycle']);
  expect(await lab.rows('select status, revision from call')).toEqual(
    pbxs.map(() => ({ status: 'connected', revision: 2 })),
  );
});
