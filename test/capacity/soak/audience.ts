import type { TenantId } from '@trunkline/domain';
import { formatTopic } from '@trunkline/realtime-protocol';
import type { BrowserTask } from '../system/browsers.ts';
import type { System } from '../system/system.ts';
import { firstPhoneOf } from '../system/telephones.ts';

/** Somebody who follows the calls of one phone, as a softphone or a CRM does; or everything, as a supervisor does. */
export interface Listener {
  readonly tenant: TenantId;
  readonly phone: string | null;
}
export type Audience = readonly Listener[];

/** One in so many has everything open. */
export const supervisorEvery = 200;
const everything = ['calls', 'extensions', 'pbx'];

/** So many browsers, each at a phone in turn; the first and every 200th at a wallboard. */
export function seatAudience(
  { offices }: Pick<System, 'offices'>,
  count: number,
  phonesPerPbx: number,
): Audience {
  return Array.from({ length: count }, (_, index) => {
    const office = offices[index % offices.length];
    if (office === undefined) throw new RangeError('nobody can listen where there is no PBX');
    const phone = firstPhoneOf(office.index) + (Math.floor(index / offices.length) % phonesPerPbx);
    return { tenant: office.tenant, phone: index % supervisorEvery === 0 ? null : String(phone) };
  });
}

export async function browsersOf(system: System, audience: Audience): Promise<BrowserTask[]> {
  const tenants = [...new Set(audience.map(({ tenant }) => tenant))];
  const tokens = new Map(
    await Promise.all(tenants.map(async (tenant) => [tenant, await system.token(tenant)] as const)),
  );
  return audience.map(({ tenant, phone }) => ({
    token: tokens.get(tenant) ?? '',
    topics: phone === null ? everything : [formatTopic({ kind: 'calls', key: phone })],
  }));
}
