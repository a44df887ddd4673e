import { pbxSettings } from '@trunkline/pbx';
import { duration, integer, setting, storeSettings, type Settings } from '@trunkline/service-kit';
import type { PolicyLimits } from './policy/limits.ts';

const ms = (variable: string, value: string, because: string, explain: string) =>
  setting({
    variable,
    schema: duration({ min: '1ms' }),
    default: { value, because },
    explain,
    example: value,
  });

const lease = {
  ttlMs: ms(
    'TRUNKLINE_LEASE_TTL',
    '4s',
    'a killed connector is replaced within 5 s',
    'How long a lease lasts.',
  ),
  renewMs: ms(
    'TRUNKLINE_LEASE_RENEWAL',
    '1s',
    'three renewals may fail before a lease is lost',
    'How often leases are renewed.',
  ),
  lookMs: ms(
    'TRUNKLINE_LEASE_LOOK',
    '500ms',
    'what was handed over is taken up at once',
    'How often free leases are looked for.',
  ),
  movesMax: setting({
    variable: 'TRUNKLINE_LEASE_MOVES',
    schema: integer({ min: 1, max: 1_000 }),
    default: { value: '5', because: 'each moved link is a login and a snapshot' },
    explain: 'How many links a replica hands over at once when links are spread anew.',
    example: '5',
  }),
};

const timing = {
  dialMs: ms('TRUNKLINE_LINK_DIAL', '10s', 'a slow VPN', 'The longest wait for a TCP connection with TLS.'),
  answerMs: ms(
    'TRUNKLINE_LINK_ANSWER',
    '15s',
    'appliances are slow when busy',
    'The longest wait for an answer.',
  ),
  heartbeatEveryMs: ms(
    'TRUNKLINE_LINK_HEARTBEAT',
    '10s',
    'with the wait for its answer, a dead socket is noticed within 20 s',
    'How often an open link is probed. Yeastar closes links that are silent for 60 s.',
  ),
  heartbeatAnswerMs: ms(
    'TRUNKLINE_LINK_HEARTBEAT_ANSWER',
    '8s',
    'with the interval, a dead socket is noticed within 20 s',
    'How long anything at all may take to arrive after a heartbeat.',
  ),
  snapshotMs: ms(
    'TRUNKLINE_LINK_SNAPSHOT',
    '60s',
    'many pages of phones',
    'The longest a snapshot may take.',
  ),
};

const retry = {
  yeastarMs: ms(
    'TRUNKLINE_RETRY_YEASTAR',
    '5s',
    'its documentation asks for it',
    'After a drop, a fifth more or less.',
  ),
  yeastarMsMax: ms(
    'TRUNKLINE_RETRY_YEASTAR_MAX',
    '60s',
    'a PBX that is away for long needs no haste',
    'What the wait grows to after 12 failures.',
  ),
  asteriskMs: ms('TRUNKLINE_RETRY_ASTERISK', '500ms', 'it restarts within seconds', 'The widest first wait.'),
  asteriskMsMax: ms(
    'TRUNKLINE_RETRY_ASTERISK_MAX',
    '30s',
    'full jitter halves it on average',
    'The widest wait.',
  ),
  asteriskCredentialsMs: ms(
    'TRUNKLINE_RETRY_ASTERISK_CREDENTIALS',
    '60s',
    'fail2ban usually watches its log',
    'Between refused logins.',
  ),
  yeastarBlockMs: ms(
    'TRUNKLINE_BLOCK_YEASTAR',
    '11m',
    'a block lasts ten',
    'The shortest block by a Yeastar.',
  ),
  asteriskBlockMs: ms(
    'TRUNKLINE_BLOCK_ASTERISK',
    '5m',
    'an ACL or a firewall',
    'The shortest block by an Asterisk.',
  ),
  blockJitterMs: ms(
    'TRUNKLINE_BLOCK_JITTER',
    '30s',
    'all come back otherwise',
    'Up to so much more than the block.',
  ),
  yeastarForbiddenMs: ms('TRUNKLINE_RETRY_YEASTAR_FORBIDDEN', '15m', 'a person must act', 'After a refusal.'),
  asteriskForbiddenMs: ms(
    'TRUNKLINE_RETRY_ASTERISK_FORBIDDEN',
    '60s',
    'a person must act',
    'After a refusal.',
  ),
  yeastarCrowdedMs: ms(
    'TRUNKLINE_RETRY_YEASTAR_CROWDED',
    '30m',
    'tokens live so long',
    'The longest wait for a token.',
  ),
  asteriskCrowdedMs: ms(
    'TRUNKLINE_RETRY_ASTERISK_CROWDED',
    '30s',
    'sessions end soon',
    'The wait for a free session.',
  ),
  startingMs: ms('TRUNKLINE_RETRY_STARTING', '5s', 'it loads modules', 'While a PBX starts up.'),
  shutdownMs: ms(
    'TRUNKLINE_RETRY_SHUTDOWN',
    '2s',
    'most restarts are quick',
    'After a PBX said that it goes down.',
  ),
  attentionMs: ms(
    'TRUNKLINE_RETRY_ATTENTION',
    '60s',
    'only a person can help, and need not ask for another try then',
    'After an untrusted certificate, an unknown protocol or a missing credential.',
  ),
  unpreparedMs: ms(
    'TRUNKLINE_RETRY_UNPREPARED',
    '1s',
    'it is ours',
    'While our own database does not answer.',
  ),
  credentialFailuresMax: setting({
    variable: 'TRUNKLINE_CREDENTIAL_FAILURES',
    schema: integer({ min: 1, max: 4 }),
    default: { value: '3', because: 'a Yeastar blocks the address at the fifth' },
    explain: 'Refused logins in a row after which nobody tries until a person has done something.',
    example: '3',
  }),
  stableMs: ms(
    'TRUNKLINE_LINK_STABLE',
    '30s',
    'a link that flaps must not reset its back-off',
    'How long a link must last to start its back-off anew.',
  ),
};

const snapshots = {
  everyMs: ms(
    'TRUNKLINE_SNAPSHOT_EVERY',
    '5m',
    'what was missed is right again by then',
    'How often a snapshot is taken, a fifth more or less.',
  ),
  retryMs: ms(
    'TRUNKLINE_SNAPSHOT_RETRY',
    '5s',
    'most failures pass',
    'The wait after a failed snapshot; it doubles.',
  ),
  retryMsMax: ms(
    'TRUNKLINE_SNAPSHOT_RETRY_MAX',
    '60s',
    'calls are uncertain meanwhile',
    'What that wait grows to.',
  ),
  gapMs: ms(
    'TRUNKLINE_SNAPSHOT_GAP',
    '5s',
    'many wishes come together',
    'The least time between snapshots that were wished for.',
  ),
  babbleMs: ms(
    'TRUNKLINE_SNAPSHOT_BABBLE',
    '60s',
    'a PBX that says much that nobody understands would be asked all the time',
    'The least time between snapshots for words that could not be read.',
  ),
};

export const connectorSettings = {
  ...storeSettings,
  connector: pbxSettings,
  lease,
  timing,
  retry,
  snapshots,
};

export type ConnectorSettings = Settings<typeof connectorSettings>;

export function limitsOf(set: ConnectorSettings['retry']): PolicyLimits {
  return {
    yeastar: {
      retryMs: set.yeastarMs,
      retryMsMax: set.yeastarMsMax,
      credentialsMs: null,
      blockMs: set.yeastarBlockMs,
      forbiddenMs: set.yeastarForbiddenMs,
      crowdedMs: set.yeastarCrowdedMs,
    },
    asterisk: {
      retryMs: set.asteriskMs,
      retryMsMax: set.asteriskMsMax,
      credentialsMs: set.asteriskCredentialsMs,
      blockMs: set.asteriskBlockMs,
      forbiddenMs: set.asteriskForbiddenMs,
      crowdedMs: set.asteriskCrowdedMs,
    },
    blockJitterMs: set.blockJitterMs,
    startingMs: set.startingMs,
    shutdownMs: set.shutdownMs,
    attentionMs: set.attentionMs,
    unpreparedMs: set.unpreparedMs,
    credentialFailuresMax: set.credentialFailuresMax,
    stableMs: set.stableMs,
  };
}

/** Longer than the links need to be closed with their last words. */
export const stopBudgetMs = 12_000;
