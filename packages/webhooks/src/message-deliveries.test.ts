import { expect, it } from 'vitest';
import { webhookTypes } from './event-types.ts';
import { deliveriesOf, type Wishes } from './message-deliveries.ts';

const known = new Set<string>(webhookTypes);
const createdAt = new Date('2026-01-31T12:00:00Z');
const all: Wishes = { id: 'all', types: null, pbxs: null };
const [row, other] = [
  { pbx: 'p1', call: 'a', revision: 2 },
  { pbx: 'p2', call: 'b', revision: 1 },
];
const payload = JSON.stringify({
  new_call: [other],
  call_update: [row],
  cleanup_run: [{ id: 'r', pbx: null }],
  webhook_update: [{ endpoint: 'all' }],
});
const told = (...endpoints: readonly Wishes[]) =>
  deliveriesOf({ payload, createdAt }, endpoints, known).map(({ endpoint, body }) => ({
    endpoint,
    ...(JSON.parse(body) as { type: string; timestamp: string; data: unknown }),
  }));

it('each row becomes a delivery of its own, as screens get it, with the time of its commit', () => {
  const timestamp = '2026-01-31T12:00:00.000Z';
  expect(told(all)).toEqual([
    { endpoint: 'all', type: 'new_call', timestamp, data: other },
    { endpoint: 'all', type: 'call_update', timestamp, data: row },
    { endpoint: 'all', type: 'cleanup_run', timestamp, data: { id: 'r', pbx: null } },
  ]);
});

it('an endpoint hears of the types that it asks for', () => {
  const calls: Wishes = { id: 'calls', types: ['call_update'], pbxs: null };
  expect(
    told(calls, all)
      .filter(({ endpoint }) => endpoint === 'calls')
      .map(({ type }) => type),
  ).toEqual(['call_update']);
});

it('an endpoint hears of the PBXs that it names, and of what concerns all of them', () => {
  const one: Wishes = { id: 'one', types: null, pbxs: ['p1'] };
  expect(told(one).map(({ type }) => type)).toEqual(['call_update', 'cleanup_run']);
});
