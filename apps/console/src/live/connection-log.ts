import type { ClientEvents, RealtimeClient } from '@trunkline/realtime-client';

/** What happened to the connection of this page, the newest last. */
export interface LoggedEvent {
  /** Milliseconds since 1970 by this machine. */
  readonly at: number;
  readonly name: string;
  readonly detail: string;
}

export interface RoundTrip {
  readonly at: number;
  readonly ms: number;
}

/** Pages stay open for weeks. */
export const loggedMax = 100;
export const tripsMax = 120;

const names = [
  'connection:connected',
  'connection:disconnected',
  'connection:failed',
  'connection:reconnecting',
  'connection:reconnected',
  'connection:moved',
  'connection:max_attempts_reached',
  'connection:auth_required',
  'connection:auth_failed',
  'connection:health_degraded',
] as const satisfies readonly (keyof ClientEvents)[];

let events: readonly LoggedEvent[] = [];
let trips: readonly RoundTrip[] = [];
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

const detailOf = (detail: object): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' · ');

/** Keeps the last of what happens to the connection, from the start of the page on. */
export function logConnection(client: RealtimeClient): void {
  for (const name of names) {
    client.on(name, (detail) => {
      const event = { at: Date.now(), name: name.replace('connection:', ''), detail: detailOf(detail) };
      events = [...events, event].slice(-loggedMax);
      changed();
    });
  }
  client.on('connection:health_check', ({ latencyMs }) => {
    if (latencyMs === null) return;
    trips = [...trips, { at: Date.now(), ms: latencyMs }].slice(-tripsMax);
    changed();
  });
}

export const loggedEvents = (): readonly LoggedEvent[] => events;
export const roundTrips = (): readonly RoundTrip[] => trips;

export function onConnectionLog(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
