import { accessSettings } from '@trunkline/access';
import {
  duration,
  integer,
  list,
  port,
  setting,
  storeSettings,
  text,
  type Settings,
} from '@trunkline/service-kit';
import { PUSH_TUNING, type PushTuning } from './push-tuning.ts';

const count = (variable: string, value: string, max: number, because: string, explain: string) =>
  setting({
    variable,
    schema: integer({ min: 1, max }),
    default: { value, because },
    explain,
    example: value,
  });

const push = {
  host: setting({
    variable: 'TRUNKLINE_PUSH_HOST',
    schema: text(),
    default: { value: '127.0.0.1', because: 'nothing listens to the world unless somebody says so' },
    explain: 'The address on which browsers are served; 0.0.0.0 in a container.',
    example: '0.0.0.0',
  }),
  port: setting({
    variable: 'TRUNKLINE_PUSH_PORT',
    schema: port(),
    default: {
      value: '0',
      because: 'several nodes run on one machine in development; the log says the port',
    },
    explain: 'The port on which browsers are served, at /ws. 0 takes any free one.',
    example: '8090',
  }),
  origins: setting({
    variable: 'TRUNKLINE_PUSH_ORIGINS',
    schema: list(text()),
    optional: true,
    explain:
      'Pages of these origins may connect, separated by commas; * allows all. If it is not set, pages of the host that browsers connect to.',
    example: 'https://crm.example.com,https://phones.example.com',
  }),
  proxies: setting({
    variable: 'TRUNKLINE_PUSH_PROXIES',
    schema: integer({ min: 0, max: 10 }),
    default: { value: '0', because: 'a header that anybody can write is not believed' },
    explain: 'How many proxies of ours stand before this node and add to X-Forwarded-For.',
    example: '1',
  }),
  connectionsMax: count(
    'TRUNKLINE_PUSH_CONNECTIONS',
    '20000',
    1_000_000,
    'some hundred megabytes',
    'How many connections this node serves; whoever comes beyond is sent away for a moment.',
  ),
  perAddressMax: count(
    'TRUNKLINE_PUSH_CONNECTIONS_PER_ADDRESS',
    '1000',
    1_000_000,
    'a whole office may share an address',
    'How many connections one address may have on this node.',
  ),
  perUserMax: count(
    'TRUNKLINE_PUSH_CONNECTIONS_PER_USER',
    '50',
    100_000,
    'many tabs on several devices',
    'How many connections one user may have on this node.',
  ),
  heartbeatMs: setting({
    variable: 'TRUNKLINE_PUSH_HEARTBEAT',
    schema: duration({ min: '1s', max: '5m' }),
    default: { value: '20s', because: 'proxies cut what is silent for a minute' },
    explain: 'How often clients are pinged; who is silent for two and a half times as long is gone.',
    example: '20s',
  }),
  queueBytesMax: count(
    'TRUNKLINE_PUSH_QUEUE_BYTES',
    '262144',
    64 * 1024 * 1024,
    'seconds of a busy tenant',
    'What may wait for one slow connection before its topics are set aside.',
  ),
  readBackMax: count(
    'TRUNKLINE_PUSH_READ_BACK',
    '2000',
    100_000,
    'twice what a feed keeps unless TRUNKLINE_FEED_ENTRIES says more',
    'How many entries of a feed are read back from Redis for clients that come with an old position, and no more than 32 Mi letters; whoever missed more starts anew with a snapshot.',
  ),
  drainMs: setting({
    variable: 'TRUNKLINE_PUSH_DRAIN',
    schema: duration({ max: '10m' }),
    default: { value: '8s', because: 'it fits into the 20 s of TRUNKLINE_STOP_BUDGET' },
    explain: 'Over how long clients move to other nodes when this one stops.',
    example: '30s',
  }),
};

export const pushSettings = { ...storeSettings, tokens: accessSettings, push };

export type PushSettings = Settings<typeof pushSettings>['push'];

export const tuningOf = (settings: PushSettings): PushTuning => ({
  ...PUSH_TUNING,
  feeds: {
    ...PUSH_TUNING.feeds,
    readBack: { ...PUSH_TUNING.feeds.readBack, entriesMax: settings.readBackMax },
  },
  connectionsMax: settings.connectionsMax,
  perAddressMax: settings.perAddressMax,
  perUserMax: settings.perUserMax,
  sessions: {
    ...PUSH_TUNING.sessions,
    heartbeatMs: settings.heartbeatMs,
    outbox: { queueBytesMax: settings.queueBytesMax },
  },
  drain: { ...PUSH_TUNING.drain, windowMs: settings.drainMs },
});

/** Beyond the last client's slot to move and its time to be gone. */
const stopMarginMs = 5_000;

export const stopBudgetMsOf = ({ drain: { windowMs, graceMs } }: PushTuning): number =>
  windowMs + graceMs + stopMarginMs;
