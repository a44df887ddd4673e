import { createIngestWorker, ingestGroups } from '@trunkline/ingest';
import { IngestLab, type LabPbx } from '@trunkline/ingest/testing';
import { readSettings } from '@trunkline/service-kit';
import { createCleanupWorker, type CleanupContext, type CleanupWorker } from '../create-cleanup-worker.ts';
import { cleanupSettings } from '../settings.ts';

export type CleanupSettings = CleanupContext['settings'];

/** The context of a cleanup worker in a lab: the lab's stores, and settings as an operator writes them. */
export function cleanupContext(lab: IngestLab, env: Readonly<Record<string, string>> = {}): CleanupContext {
  const context = lab.context();
  const read = readSettings(cleanupSettings, {
    DATABASE_URL: lab.databaseUrl,
    REDIS_URL: 'redis://127.0.0.1:6379',
    ...env,
  });
  const { cleanup, housekeeping } = read;
  return { ...context, settings: { ...context.settings, cleanup, housekeeping } };
}

/** A lab with a PBX and both kinds of workers on it. */
export async function cleanupLab(env: Readonly<Record<string, string>> = {}) {
  const lab = await IngestLab.open();
  const pbx = await lab.addPbx();
  await lab.started(createIngestWorker(lab.context(), ingestGroups.lifecycle));
  const worker = await startCleanup(lab, env);
  return Object.assign(lab, { pbx, worker });
}

export const startCleanup = (
  lab: IngestLab,
  env: Readonly<Record<string, string>> = {},
): Promise<CleanupWorker> => lab.started(createCleanupWorker(cleanupContext(lab, env)));

/** The two questions by which operators watch that nothing stays behind. */
export async function monitoring(lab: IngestLab): Promise<{ extensions: number; calls: number }> {
  const [row] = await lab.rows(
    `select
       (select count(*) from extension where status in ('ringing', 'incall', 'busy'))::integer as extensions,
       (select count(*) from call where status in ('calling', 'ringing', 'connected', 'held'))::integer as calls`,
  );
  return row as { extensions: number; calls: number };
}

export const extensionStatuses = async (lab: IngestLab): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    (await lab.rows('select number, status from extension order by number')).map(({ number, status }) => [
      number,
      status,
    ]),
  );

export const callStates = (lab: IngestLab) =>
  lab.rows('select call_key as call, status, hangup_cause as cause from call order by call_key');

/** Says that a phone is in this state, with the call that explains it. */
export async function engage(
  lab: IngestLab,
  pbx: LabPbx,
  {
    call,
    status,
    extensions,
  }: { call: string; status: 'ringing' | 'connected'; extensions: readonly string[] },
): Promise<void> {
  await lab.say(pbx, `call.${status}`, { call, extensions });
  const phone = status === 'ringing' ? 'ringing' : 'incall';
  for (const extension of extensions) await lab.say(pbx, 'extension.changed', { extension, status: phone });
}
