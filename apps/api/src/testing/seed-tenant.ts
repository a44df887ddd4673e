import { randomUUID } from 'node:crypto';
import type { ApiLab, TenantName } from './api-lab.ts';

/** One of everything that a route can show. */
export interface Seeded {
  readonly pbx: string;
  readonly openCall: string;
  readonly endedCall: string;
  readonly run: string;
  readonly letters: { readonly toRead: string; readonly toReplay: string; readonly toDrop: string };
  readonly sweep: string;
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
  };
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
