import type { Vendor } from '@trunkline/pbx';
import { assertNever } from '@trunkline/service-kit';
import { judgeFault, type Verdict } from '../policy/judge-fault.ts';
import type { PolicyLimits } from '../policy/limits.ts';
import type { Ending, Link, LinkEffect, LinkInput, Phase } from './link.ts';

export interface LinkRules {
  readonly vendor: Vendor;
  readonly limits: PolicyLimits;
  /** How long an answer to `checkLease` is waited for before it is asked again. */
  readonly leaseCheckMs: number;
}

export interface Step {
  readonly link: Link;
  readonly effects: readonly LinkEffect[];
}

type Input<Type extends LinkInput['type']> = Extract<LinkInput, { type: Type }>;

/**
 * The life of a link: what follows from what happens to it. Pure and total; what makes no sense in a state changes
 * nothing. What holds on every path (and is tested as properties):
 *
 * 1. An attempt begins only when nothing is left of the one before.
 * 2. Whoever waits or is blocked has asked to be woken. Before a block ends nobody begins an attempt unless a person asks
 *    for one, and every attempt asks whether the block stands before it logs in.
 * 3. `refused` is left by an operator, another configuration or the loss of the lease only.
 * 4. Connects and disconnects are said in turn, and what is released or unwanted is closed, unless it is handed over.
 * 5. Nothing is done after the lease was lost or given up.
 */
export function stepLink(rules: LinkRules, link: Link, input: LinkInput): Step {
  switch (input.type) {
    case 'taken':
      return link.phase.name === 'idle' && !link.phase.over ? taken(link, input) : same(link);
    case 'phase':
      return isAttempting(link) && input.attempt === link.attempt
        ? { link: { ...link, phase: { name: input.phase } }, effects: [] }
        : same(link);
    case 'heldBack':
      return isAttempting(link) && input.attempt === link.attempt ? heldBack(link, input) : same(link);
    case 'connected':
      return isAttempting(link) && input.attempt === link.attempt ? connected(link, input) : same(link);
    case 'failed':
      return isAttempting(link) && input.attempt === link.attempt ? failed(rules, link, input) : same(link);
    case 'ended':
      return isUp(link) && input.attempt === link.attempt ? ended(rules, link, input) : same(link);
    case 'wound':
      return link.phase.name === 'lost' && input.attempt === link.attempt
        ? follow(link, link.phase.next)
        : same(link);
    case 'snapshotPublished':
      return isUp(link) && input.attempt === link.attempt ? snapshotPublished(link) : same(link);
    case 'snapshotFailed':
      return isUp(link) && input.attempt === link.attempt
        ? { link: { ...link, alarm: `no snapshot could be taken: ${input.message}` }, effects: [] }
        : same(link);
    case 'due':
      return due(rules, link, input.now);
    case 'leaseConfirmed':
      return link.phase.name === 'waiting' && link.phase.leaseCheck === 'asked' ? connect(link) : same(link);
    case 'retry':
    case 'configured':
      return tryNow(link, input);
    case 'unwanted':
      return leave(link, { handOver: false }, unwanted);
    case 'release':
      return leave(link, { handOver: input.handOver }, 'the connector stops, and nobody else holds the link');
    case 'leaseLost':
      return leaseLost(link);
    default:
      return assertNever(input, 'link input');
  }
}

const unwanted = 'the PBX was disabled or removed';

const same = (link: Link): Step => ({ link, effects: [] });

export const isAttempting = ({ phase: { name } }: Link): boolean =>
  name === 'authenticating' || name === 'connecting' || name === 'subscribing';

const isUp = ({ phase: { name } }: Link): boolean => name === 'synchronising' || name === 'live';

function taken(link: Link, { open, fresh, wanted, failures }: Input<'taken'>): Step {
  const left: Link = { ...link, open, failures };
  if (!wanted)
    return after(closed(left, unwanted), (rest) =>
      follow(rest, { name: 'idle', release: { handOver: false } }),
    );
  if (!open || fresh) return connect(left);
  return after(closed(left, 'the connector that held the link is gone'), connect);
}

/** Only from states in which nothing is left of the attempt before. */
function connect(link: Link): Step {
  const attempt = link.attempt + 1;
  return {
    link: { ...link, attempt, phase: { name: 'authenticating' } },
    effects: [{ type: 'connect', attempt }],
  };
}

/** Says that the link is down, if anybody was told that it is up. */
function closed(
  link: Link,
  reason: string,
  cause: 'pbx_disconnected' | 'pbx_restarted' = 'pbx_disconnected',
): Step {
  if (!link.open) return same(link);
  return { link: { ...link, open: false }, effects: [{ type: 'sayDisconnected', reason, cause }] };
}

const after = (first: Step, next: (link: Link) => Step): Step => {
  const second = next(first.link);
  return { link: second.link, effects: [...first.effects, ...second.effects] };
};

function heldBack(link: Link, { forMs, now }: Input<'heldBack'>): Step {
  const reason = 'the PBX blocks our address';
  return after(closed(link, reason), (left) =>
    follow({ ...left, reason, alarm: reason }, { name: 'blocked', until: now + forMs }),
  );
}

function connected(link: Link, { restarted, now }: Input<'connected'>): Step {
  const before = restarted
    ? closed(link, 'the PBX was restarted while the link was handed over', 'pbx_restarted')
    : same(link);
  return after(before, (left) => ({
    link: {
      ...left,
      phase: { name: 'synchronising', since: now },
      open: true,
      credentialFailures: 0,
      reason: null,
      alarm: null,
    },
    effects: [{ type: 'sayConnected' }, { type: 'follow', attempt: left.attempt }],
  }));
}

function failed(rules: LinkRules, link: Link, input: Input<'failed'>): Step {
  const { fault, message } = input;
  // What our own stores fail in is not held against the PBX.
  const failures = link.failures + (fault.kind === 'unprepared' ? 0 : 1);
  const counted: Link = { ...link, failures, credentialFailures: input.credentialFailures, reason: message };
  const verdict = judgeFault({ ...input, ...counted, vendor: rules.vendor }, rules.limits);
  return after(closed(counted, message, causeOf(fault.kind)), (left) => {
    const sentenced = sentence(left, verdict, message, input.now);
    return after({ link: sentenced.link, effects: sentenced.effects }, (next) =>
      follow(next, sentenced.ending),
    );
  });
}

function ended(rules: LinkRules, link: Link, input: Input<'ended'>): Step {
  const since =
    link.phase.name === 'live' || link.phase.name === 'synchronising' ? link.phase.since : input.now;
  const failures = (input.now - since >= rules.limits.stableMs ? 0 : link.failures) + 1;
  const counted: Link = { ...link, failures, reason: input.message, alarm: null };
  const verdict = judgeFault({ ...input, ...counted, vendor: rules.vendor }, rules.limits);
  return after(closed(counted, input.message, causeOf(input.fault.kind)), (left) => {
    const sentenced = sentence(left, verdict, input.message, input.now);
    return after({ link: sentenced.link, effects: sentenced.effects }, (next) =>
      windUp(next, sentenced.ending),
    );
  });
}

const causeOf = (fault: string) => (fault === 'shutdown' ? 'pbx_restarted' : 'pbx_disconnected');

/** What a verdict means for the link, and the effects that don't wait for its end. */
function sentence(link: Link, verdict: Verdict, message: string, now: number): Step & { ending: Ending } {
  switch (verdict.kind) {
    case 'wait': {
      const ending = {
        name: 'waiting',
        until: now + verdict.delayMs,
        leaseCheck: verdict.freshLease ? 'needed' : 'none',
      } as const;
      return { link: { ...link, alarm: verdict.alarm ? message : null }, effects: [], ending };
    }
    case 'block': {
      const { forMs } = verdict;
      return {
        link: { ...link, alarm: message },
        effects: [{ type: 'block', forMs, reason: message }],
        ending: { name: 'blocked', until: now + forMs },
      };
    }
    case 'refuse': {
      const alarm = `${message} Nobody logs in any more, because the PBX blocks who fails too often: correct the credential, or ask for another try.`;
      return { link: { ...link, alarm }, effects: [], ending: { name: 'refused' } };
    }
    default:
      return assertNever(verdict, 'verdict');
  }
}

const windUp = (link: Link, next: Ending): Step => ({
  link: { ...link, phase: { name: 'lost', next } },
  effects: [{ type: 'windUp', attempt: link.attempt }],
});

/** Enters the state that follows, now that nothing is left of the attempt before. */
function follow(link: Link, ending: Ending): Step {
  if (ending.name === 'idle') {
    const effect: LinkEffect =
      ending.release === null ? { type: 'forget' } : { type: 'release', ...ending.release };
    return { link: { ...link, phase: { name: 'idle', over: true } }, effects: [effect] };
  }
  const wakes: LinkEffect[] = ending.name === 'refused' ? [] : [{ type: 'wakeAt', at: ending.until }];
  return { link: { ...link, phase: ending }, effects: wakes };
}

function snapshotPublished(link: Link): Step {
  const since = link.phase.name === 'synchronising' || link.phase.name === 'live' ? link.phase.since : 0;
  return { link: { ...link, phase: { name: 'live', since }, alarm: null }, effects: [] };
}

function due({ leaseCheckMs }: LinkRules, link: Link, now: number): Step {
  const { phase } = link;
  if (phase.name !== 'waiting' && phase.name !== 'blocked') return same(link);
  if (now < phase.until) return { link, effects: [{ type: 'wakeAt', at: phase.until }] };
  if (phase.name === 'blocked' || phase.leaseCheck === 'none') return connect(link);
  const until = now + leaseCheckMs;
  return {
    link: { ...link, phase: { ...phase, until, leaseCheck: 'asked' } },
    effects: [{ type: 'checkLease' }, { type: 'wakeAt', at: until }],
  };
}

/** A person did something that may have helped. Only a block is waited for all the same. */
function tryNow(link: Link, { type, now }: Input<'retry' | 'configured'>): Step {
  const fresh: Link = { ...link, credentialFailures: 0 };
  switch (link.phase.name) {
    case 'waiting':
    case 'refused':
    // The block itself is a row that every attempt asks for before it logs in: an operator who lifted it is believed at
    // once, and where it stands the attempt is held back.
    case 'blocked':
      return connect(fresh);
    case 'lost':
      return hurry(fresh, link.phase, now);
    case 'authenticating':
    case 'connecting':
    case 'subscribing':
    case 'synchronising':
    case 'live':
      if (type === 'retry') return same(link);
      return after(closed(fresh, 'its settings were changed'), (left) =>
        windUp(left, { name: 'waiting', until: now, leaseCheck: 'none' }),
      );
    case 'idle':
      return same(link);
    default:
      return assertNever(link.phase, 'phase');
  }
}

function hurry(link: Link, phase: Extract<Phase, { name: 'lost' }>, now: number): Step {
  if (phase.next.name !== 'waiting' && phase.next.name !== 'refused') return same(link);
  const next: Ending = { name: 'waiting', until: now, leaseCheck: 'none' };
  return { link: { ...link, phase: { name: 'lost', next } }, effects: [] };
}

function leave(link: Link, release: { readonly handOver: boolean }, reason: string): Step {
  if (link.phase.name === 'idle') return same(link);
  if (link.phase.name === 'lost' && link.phase.next.name === 'idle') return same(link);
  const said = release.handOver ? same(link) : closed(link, reason);
  return after(said, (left) => {
    const ending: Ending = { name: 'idle', release };
    if (left.phase.name === 'lost')
      return { link: { ...left, phase: { name: 'lost', next: ending } }, effects: [] };
    return isAttempting(left) || isUp(left) ? windUp(left, ending) : follow(left, ending);
  });
}

/** Somebody else holds the link: nothing more is said, whatever it was about. */
function leaseLost(link: Link): Step {
  if (link.phase.name === 'idle') return same(link);
  const silent: Link = { ...link, open: false };
  const ending: Ending = { name: 'idle', release: null };
  if (silent.phase.name === 'lost')
    return { link: { ...silent, phase: { name: 'lost', next: ending } }, effects: [] };
  return isAttempting(silent) || isUp(silent) ? windUp(silent, ending) : follow(silent, ending);
}
