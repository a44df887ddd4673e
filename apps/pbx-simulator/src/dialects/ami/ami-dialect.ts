import type { Happening } from '../../telephony/happening.ts';
import type { Dialect, DialectContext } from '../dialect.ts';
import { event, type AmiEvent } from './event.ts';
import { eventsOf } from './events.ts';
import type { AmiMessage } from './message.ts';
import { AmiSession } from './session.ts';

/** Asterisk's manager interface. */
export function createAmiDialect(context: DialectContext): Dialect {
  const sessions = new Set<AmiSession>();
  const originations = new Map<string, AmiMessage>();
  const tellAll = (event: AmiEvent): void => {
    for (const session of sessions) session.push(event);
  };

  /** An originated call has come to something, or a phone could not be rung at all. */
  function respond(message: AmiMessage, key: string | null, reason: number): void {
    const success = reason === ANSWERED;
    tellAll(
      event('OriginateResponse', 'call', [
        ['ActionID', message.get('actionid') ?? ''],
        ['Response', success ? 'Success' : 'Failure'],
        ['Channel', message.get('channel') ?? ''],
        ['Context', message.get('context') ?? ''],
        ['Exten', message.get('exten') ?? ''],
        ['Reason', reason],
        ['Uniqueid', success && key !== null ? key : '<unknown>'],
        ['CallerIDNum', '<unknown>'],
        ['CallerIDName', '<unknown>'],
      ]),
    );
  }

  function watchOriginations(happening: Happening): void {
    if (happening.kind !== 'leg.state' && happening.kind !== 'leg.ended') return;
    const { leg } = happening;
    const message = originations.get(leg.id);
    if (message === undefined || (happening.kind === 'leg.state' && leg.state !== 'Up')) return;
    originations.delete(leg.id);
    respond(message, leg.id, leg.state === 'Up' ? ANSWERED : NO_ANSWER);
  }

  const actionContext = {
    ...context,
    watchOrigination(key: string | null, message: AmiMessage) {
      // The answer to the action goes out first.
      if (key === null) setImmediate(() => respond(message, null, FAILED));
      else originations.set(key, message);
    },
  };

  return {
    scheme: { secure: 'tls', plain: 'tcp' },
    blockedSources: 'refuse',
    attach(socket, source) {
      const session = new AmiSession(socket, source, actionContext, () => sessions.delete(session));
      sessions.add(session);
    },
    tell(happening) {
      if (sessions.size > 0) for (const event of eventsOf(happening, context.clock.at)) tellAll(event);
      if (originations.size > 0) watchOriginations(happening);
    },
    sayGoodbye() {
      tellAll(
        event('Shutdown', 'system', [
          ['Shutdown', 'Cleanly'],
          ['Restart', 'True'],
        ]),
      );
    },
    reset: () => originations.clear(),
    liveTokens: () => 0,
    expireTokens: () => undefined,
    replaceApplication: () => undefined,
    stop: () => undefined,
  };
}

const FAILED = 0;
const NO_ANSWER = 3;
const ANSWERED = 4;
