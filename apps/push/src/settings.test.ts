import { describeSettings, readSettings } from '@trunkline/service-kit';
import { expect, it } from 'vitest';
import { pushSettings, tuningOf } from './settings.ts';

const stores = {
  DATABASE_URL: 'postgresql://localhost/x',
  REDIS_URL: 'redis://localhost',
  TRUNKLINE_TOKEN_ISSUER: 'https://login.example.com',
};

it('each setting can be described', () => {
  expect(describeSettings(pushSettings).length).toBeGreaterThan(15);
});

it('what an operator sets arrives where it bounds something', () => {
  const { push } = readSettings(pushSettings, {
    ...stores,
    TRUNKLINE_PUSH_CONNECTIONS: '7',
    TRUNKLINE_PUSH_CONNECTIONS_PER_USER: '3',
    TRUNKLINE_PUSH_CONNECTIONS_PER_ADDRESS: '5',
    TRUNKLINE_PUSH_HEARTBEAT: '30s',
    TRUNKLINE_PUSH_QUEUE_BYTES: '1000',
    TRUNKLINE_PUSH_DRAIN: '1s',
    TRUNKLINE_PUSH_READ_BACK: '50000',
    TRUNKLINE_PUSH_ORIGINS: 'https://a.example, https://b.example',
  });
  expect(tuningOf(push)).toMatchObject({
    connectionsMax: 7,
    feeds: { readBack: { entriesMax: 50_000, lettersMax: 32 * 1024 * 1024 } },
    perUserMax: 3,
    perAddressMax: 5,
    sessions: { heartbeatMs: 30_000, outbox: { queueBytesMax: 1_000 } },
    drain: { windowMs: 1_000 },
  });
  expect(push.origins).toEqual(['https://a.example', 'https://b.example']);
});

it.each(['0', '100001', 'many'])('reading back %s entries is refused', (value) => {
  expect(() => readSettings(pushSettings, { ...stores, TRUNKLINE_PUSH_READ_BACK: value })).toThrow(
    'TRUNKLINE_PUSH_READ_BACK',
  );
});

it('a bad value is told with its name', () => {
  expect(() => readSettings(pushSettings, { ...stores, TRUNKLINE_PUSH_HEARTBEAT: '10ms' })).toThrow(
    'TRUNKLINE_PUSH_HEARTBEAT',
  );
});
