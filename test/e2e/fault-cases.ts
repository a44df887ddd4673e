import type { Counters, Dialect, Fault, FaultKind } from '@trunkline/pbx-simulator';

export interface FaultCase {
  /** What is done, in this order. The last one need not be of the kind: a lost link shows what a refusal is about. */
  readonly faults: readonly Fault[];
  /** Where the PBX can misbehave like this; everywhere unless said. */
  readonly dialects?: readonly Dialect[];
  /** Proof that it has happened, from what the simulator has counted before and since. */
  readonly shows?: (before: Counters, now: Counters) => boolean;
  /**
   * What of the calls of that time may not be known for good: nothing (unless said), or what only frames tell that were
   * lost, or that came while nobody listened.
   */
  readonly unheard?: true;
}

const yeastar: readonly Dialect[] = ['yeastar'];
const drop: Fault = { kind: 'drop', how: 'reset' };

const linkWasLost = (before: Counters, now: Counters): boolean => now.sockets.closed > before.sockets.closed;
const wasAsked = (before: Counters, now: Counters): boolean => now.requests > before.requests;
const isRefused = (before: Counters, now: Counters): boolean => now.logins.refused > before.logins.refused;

/** Longer than a case takes: what heals it is that somebody heals. */
const blockMs = 120_000;

/** What the PBX may do to us, by kind. A kind of which there is no case does not compile. */
export const faultCases = {
  drop: [
    { faults: [{ kind: 'drop', how: 'close' }], shows: linkWasLost, unheard: true },
    { faults: [{ kind: 'drop', how: 'reset' }], shows: linkWasLost, unheard: true },
  ],
  halfOpen: [{ faults: [{ kind: 'halfOpen', acceptNone: true }], shows: linkWasLost, unheard: true }],
  slowReader: [{ faults: [{ kind: 'slowReader', ms: 100 }] }],
  block: [
    {
      faults: [{ kind: 'block', ms: blockMs }, { kind: 'expireTokens' }, drop],
      // An Asterisk counts who tries to log in; a Yeastar that is asked to renew a token counts a request.
      shows: (before, now) =>
        now.logins.whileBlocked > before.logins.whileBlocked ||
        (linkWasLost(before, now) && wasAsked(before, now)),
      unheard: true,
    },
  ],
  refuseCredentials: [
    {
      faults: [{ kind: 'refuseCredentials' }, { kind: 'expireTokens' }, drop],
      shows: isRefused,
      unheard: true,
    },
  ],
  expireTokens: [
    { faults: [{ kind: 'expireTokens' }], dialects: yeastar },
    { faults: [{ kind: 'expireTokens' }, drop], dialects: yeastar, shows: linkWasLost, unheard: true },
  ],
  restart: [
    { faults: [{ kind: 'restart', downMs: 300 }], shows: linkWasLost, unheard: true },
    { faults: [{ kind: 'restart', downMs: 300, announce: true }], shows: linkWasLost, unheard: true },
  ],
  frames: [
    {
      faults: [{ kind: 'frames', duplicate: 0.5 }],
      shows: (before, now) => now.framesDuplicated > before.framesDuplicated,
    },
    {
      faults: [{ kind: 'frames', lose: 0.2, duplicate: 0.2, reorder: 0.2, delayMs: 20 }],
      shows: (before, now) => now.framesLost > before.framesLost,
      unheard: true,
    },
  ],
  singleMember: [{ faults: [{ kind: 'singleMember' }], dialects: yeastar, unheard: true }],
  endings: [
    { faults: [{ kind: 'endings', withoutDetails: 0.3, withoutBye: 0.3 }], dialects: yeastar, unheard: true },
  ],
  loseHangups: [{ faults: [{ kind: 'loseHangups', share: 0.7 }], unheard: true }],
  snapshot: [
    { faults: [{ kind: 'snapshot', mode: 'failing' }, drop], shows: wasAsked, unheard: true },
    { faults: [{ kind: 'snapshot', mode: 'partial' }, drop], shows: wasAsked, unheard: true },
    { faults: [{ kind: 'snapshot', mode: 'slow', ms: 400 }, drop], shows: wasAsked, unheard: true },
  ],
  malformed: [
    {
      faults: [{ kind: 'malformed', share: 0.3 }],
      shows: (before, now) => now.framesMalformed > before.framesMalformed + 5,
      unheard: true,
    },
    {
      faults: [{ kind: 'malformed', share: 0.3, instead: true }],
      shows: (before, now) => now.framesMalformed > before.framesMalformed + 5,
      unheard: true,
    },
  ],
  clockSkew: [{ faults: [{ kind: 'clockSkew', ms: -3_600_000 }, drop], shows: linkWasLost, unheard: true }],
  replaceApplication: [
    {
      faults: [{ kind: 'replaceApplication' }],
      dialects: ['asterisk-ari'],
      shows: linkWasLost,
      unheard: true,
    },
  ],
  // A recording that can't be had changes nothing of what is known of calls.
  recordings: [{ faults: [{ kind: 'recordings', how: 'cut' }] }],
  unavailable: [{ faults: [{ kind: 'unavailable' }, drop], shows: linkWasLost, unheard: true }],
  schedule: [
    {
      faults: [
        {
          kind: 'schedule',
          steps: [
            { afterMs: 50, fault: { kind: 'loseHangups', share: 1 } },
            { afterMs: 250, fault: drop },
            { afterMs: 300, fault: { kind: 'unavailable' } },
            { afterMs: 600, fault: 'heal' },
          ],
        },
      ],
      shows: linkWasLost,
      unheard: true,
    },
  ],
} as const satisfies Readonly<Record<FaultKind, readonly FaultCase[]>>;
