import type { Logger } from '@trunkline/service-kit';
import type { Link, LinkEffect, LinkInput } from './link.ts';

export interface Told {
  readonly name: string;
  readonly host: string;
  readonly now: number;
  readonly heartbeatEveryMs: number;
}

/** The story of a link in plain lines, as somebody wants to read it who asks what happened at night. */
export function tellLink(logger: Logger, told: Told, { before, input, after, effects }: Stepped): void {
  if (input.type === 'phase' && after !== before) logger.info(phaseLines[input.phase]);
  if (input.type === 'connected' && after.phase.name === 'synchronising')
    logger.info(`subscribed; heartbeat every ${seconds(told.heartbeatEveryMs)}`);
  if (input.type === 'ended' && after.phase.name === 'lost')
    logger.warn({ fault: input.fault.kind }, `link lost: ${input.message} Heartbeat stopped.`);
  if (input.type === 'failed' && after !== before)
    logger.warn({ fault: input.fault.kind }, `not connected: ${input.message}`);
  if (after.phase.name === 'live' && before.phase.name !== 'live')
    logger.info('live: the first snapshot is published');
  for (const effect of effects) tellEffect(logger, told, effect);
  if (after.alarm !== null && after.alarm !== before.alarm) logger.error(`alarm: ${after.alarm}`);
  if (after.phase !== before.phase) tellWait(logger, told, after);
}

interface Stepped {
  readonly before: Link;
  readonly input: LinkInput;
  readonly after: Link;
  readonly effects: readonly LinkEffect[];
}

const phaseLines = {
  authenticating: 'logging in',
  connecting: 'opening the connection',
  subscribing: 'connected, subscribing',
} as const;

function tellEffect(logger: Logger, { name, host }: Told, effect: LinkEffect): void {
  if (effect.type === 'connect')
    logger.info({ attempt: effect.attempt }, `connecting to PBX ${name} at ${host}`);
  if (effect.type === 'checkLease') logger.info('proving the lease anew before the next attempt');
  if (effect.type === 'release')
    logger.info(effect.handOver ? 'link handed over' : 'link closed and its lease given back');
  if (effect.type === 'forget')
    logger.warn('the lease is somebody else\u2019s; link given up without a word');
}

function tellWait(logger: Logger, { now }: Told, { phase }: Link): void {
  if (phase.name === 'waiting') logger.info(`next attempt in ${seconds(phase.until - now)}`);
  if (phase.name === 'blocked') logger.warn(`blocked: nobody logs in for ${seconds(phase.until - now)}`);
  if (phase.name === 'refused') logger.error('no further attempt until somebody corrects it or asks for one');
}

export function seconds(ms: number): string {
  const rounded = Math.max(0, ms) < 10_000 ? Math.round(Math.max(0, ms) / 100) / 10 : Math.round(ms / 1000);
  return `${rounded} s`;
}
