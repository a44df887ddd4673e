import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { beginImport, createContact, receiveFile } from '@trunkline/contacts';
import { fileKeyOf } from '@trunkline/recordings';
import type { ApiLab, TenantName } from './api-lab.ts';

/** One of everything that a route can show. */
export interface Seeded {
  readonly pbx: string;
  readonly openCall: string;
  readonly endedCall: string;
  readonly run: string;
  readonly letters: { readonly toRead: string; readonly toReplay: string; readonly toDrop: string };
  readonly sweep: string;
  readonly webhooks: { readonly toKeep: string; readonly toRemove: string };
  readonly delivery: string;
  readonly contacts: { readonly toKeep: string; readonly toDelete: string };
  readonly imports: { readonly uploaded: string; readonly started: string };
  /** Both are stored. */
  readonly recordings: { readonly toHear: string; readonly toDelete: string };
}

export const numbers = { caller: '+4930123456', callee: '+49891234567' } as const;

export async function seedTenant(lab: ApiLab, name: TenantName): Promise<Seeded> {
  const pbx = lab.pbxs[name];
  const route = { caller: { number: numbers.caller }, callee: { number: numbers.callee } };
  await lab.hear(name, 'extension.changed', { extension: '1001', status: 'ringing' });
  await lab.hear(name, 'call.connected', { call: `${name}-lost`, extensions: ['1001'], ...route }, 60);
  await lab.hear(name, 'link.disconnected', { reason: 'the socket closed' });
  await lab.hear(name, 'call.connected', { call: `${name}-open`, extensions: ['1001'], ...route });
  await lab.hear(name, 'call.ended', { call: `${name}-ended`, cause: 'normal', extensions: [], ...route });
  await lab.query(
    `update pbx_link set state = 'live', open = true, lease_owner = $2, lease_expires_at = now() + interval '1 hour'
     where pbx_id = $1`,
    [pbx, `connector-${name}`],
  );
  const [run] = await lab.query<{ id: string }>('select id from cleanup_run where pbx_id = $1', [pbx]);
  const sweep = await lab.opened.context.sweepRequests.startSweep({
    dryRun: true,
    verify: true,
    by: 'ana',
    tenant: lab.tenant(name),
  });
  const webhook = await addWebhook(lab, name);
  return {
    pbx,
    openCall: `${name}-open`,
    endedCall: `${name}-ended`,
    run: run?.id ?? '',
    letters: {
      toRead: await addLetter(lab, pbx, 901),
      toReplay: await addLetter(lab, pbx, 902),
      toDrop: await addLetter(lab, pbx, 903),
    },
    sweep,
    webhooks: { toKeep: webhook, toRemove: await addWebhook(lab, name) },
    delivery: await addDelivery(lab, name, webhook),
    contacts: { toKeep: await addContact(lab, name), toDelete: await addContact(lab, name) },
    imports: { uploaded: await addImport(lab, name), started: await addImport(lab, name, true) },
    recordings: {
      toHear: await addRecording(lab, name, 'to-hear.wav'),
      toDelete: await addRecording(lab, name, 'to-delete.wav'),
    },
  };
}

export async function addContact(lab: ApiLab, name: TenantName): Promise<string> {
  const written = { name: `Ada of ${name}`, numbers: [{ number: numbers.caller, label: 'work' }] };
  const { id } = await lab.database.run((tx) => createContact(tx, lab.tenant(name), written));
  return id;
}

/** A file that came in, and that waits for a worker if wanted. */
export async function addImport(lab: ApiLab, name: TenantName, isStarted = false): Promise<string> {
  const { database, storage } = lab.opened.context;
  const tenant = lab.tenant(name);
  const source = Readable.from([Buffer.from(`name,phone\nBob of ${name},${numbers.callee}\nEve,none\n`)]);
  const file = { tenant, by: 'ana', fileName: `${name}.csv`, source, bytesMax: 10_000 };
  const { id } = await receiveFile({ database, storage }, file);
  if (isStarted)
    await beginImport({ database, storage }, { id, tenant }, { policy: 'fill', isDryRun: false });
  return id;
}

/** One whose sound is stored: 1,000 bytes. */
export async function addRecording(lab: ApiLab, name: TenantName, recording: string): Promise<string> {
  await lab.hear(name, 'recording.ready', { recording, call: `${name}-ended` });
  const [row] = await lab.query<{ id: string }>(
    `update recording set status = 'stored', bytes = 1000, content_type = 'audio/wav', sha256 = 'f0', stored_at = now()
     where pbx_id = $1 and recording_key = $2 returning id`,
    [lab.pbxs[name], recording],
  );
  const id = row?.id ?? '';
  const sound = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256));
  const { storage } = lab.opened.context;
  await storage.put(fileKeyOf(lab.tenant(name), id), Readable.from([sound]), { bytesMax: 1_000 });
  return id;
}

export const webhookUrl = 'https://crm.example.com/hook/+4930123456?token=of-the-receiver';

export async function addWebhook(lab: ApiLab, name: TenantName): Promise<string> {
  const wishes = { tenant: lab.tenant(name), url: webhookUrl, description: `CRM of ${name}` };
  const { endpoint } = await lab.opened.context.webhooks.addEndpoint(wishes, 'ana');
  return endpoint.id;
}

/** A delivery that was given up, with an attempt whose answer repeats a number. */
export async function addDelivery(
  lab: ApiLab,
  name: TenantName,
  webhook: string,
  status = 'failed',
): Promise<string> {
  const id = randomUUID();
  const body = { type: 'new_call', data: { callerNumber: numbers.caller } };
  await lab.query(
    `insert into webhook_delivery (id, tenant_id, endpoint_id, type, body, status, finished_at, attempts, http_status, error)
     values ($1, $2, $3, 'new_call', $4, $5, now(), 1, 500, 'it answered 500')`,
    [id, lab.tenant(name), webhook, JSON.stringify(body), status],
  );
  await lab.query(
    `insert into webhook_attempt (tenant_id, delivery_id, round, number, at, duration_ms, outcome, http_status, error, response)
     values ($1, $2, 1, 1, now(), 12, 'failed', 500, 'it answered 500', $3)`,
    [lab.tenant(name), id, `no caller ${numbers.caller.slice(1)}`],
  );
  return id;
}

/** A dead letter whose event is good, so that it can be replayed. */
export async function addLetter(
  lab: ApiLab,
  source: string | null,
  seq: number,
  { group = 'lifecycle', payload }: { readonly group?: string; readonly payload?: unknown } = {},
): Promise<string> {
  const id = randomUUID();
  const said = payload ?? {
    at: Date.now(),
    call: `letter-${seq}`,
    extensions: [],
    caller: { number: numbers.caller },
  };
  await lab.query(
    `insert into dead_letter (id, group_name, shard, entry_id, source, epoch, seq, type, payload, error, attempts)
     values ($1, $2, 0, $3, $4, 1, $5, 'call.ringing', $6, 'it was a bad day', 3)`,
    [id, group, `${seq}-${id.slice(0, 4)}`, source, seq, JSON.stringify(said)],
  );
  return id;
}
