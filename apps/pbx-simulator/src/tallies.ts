import type { Counters } from './contract/counters.ts';

type Loose<Type> = { -readonly [Key in keyof Type]: Type[Key] extends object ? Loose<Type[Key]> : Type[Key] };

/** The counters while they count. */
export type Tallies = Loose<Counters>;

export function createTallies(): Tallies {
  return {
    logins: { attempts: 0, accepted: 0, refused: 0, whileBlocked: 0 },
    sockets: { open: 0, opened: 0, closed: 0 },
    connections: { open: 0, opened: 0 },
    tokens: { live: 0, issued: 0, revoked: 0 },
    heartbeats: 0,
    snapshots: 0,
    requests: 0,
    framesSent: 0,
    framesLost: 0,
    framesDuplicated: 0,
    framesMalformed: 0,
    calls: { placed: 0, ended: 0, skipped: 0 },
  };
}

export function countSocketOpened(tallies: Tallies): void {
  tallies.sockets.open += 1;
  tallies.sockets.opened += 1;
}

export function countSocketClosed(tallies: Tallies): void {
  tallies.sockets.open -= 1;
  tallies.sockets.closed += 1;
}
