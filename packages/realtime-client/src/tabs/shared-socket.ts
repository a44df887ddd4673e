import { defaultEnvironment } from '../environment/default-environment.ts';
import type { SocketConstructor, SocketLike } from '../environment/environment.ts';
import { principalOf } from './principal-of.ts';
import { createTabGroup, type Channel, type Locks, type Member, type TabWorld } from './tab-group.ts';

export interface SharedSocketOptions extends Partial<Omit<TabWorld, 'locks' | 'openChannel'>> {
  /** Null: there are none. */
  readonly locks?: TabWorld['locks'] | null;
  readonly openChannel?: TabWorld['openChannel'] | null;
}

type Group = ReturnType<typeof createTabGroup>;

/**
 * A WebSocket for `createClient` that all tabs of a person share: one real socket, held by one tab and handed on when that
 * one closes, crashes or freezes. Where the browser lacks what it takes, each tab has a socket of its own.
 */
export function sharedSocket(world: SharedSocketOptions = {}): SocketConstructor {
  const environment = world.environment ?? defaultEnvironment();
  const WebSocket = world.WebSocket ?? defaultEnvironment().WebSocket;
  const locks = world.locks === undefined ? defaultLocks() : world.locks;
  const openChannel = world.openChannel === undefined ? defaultChannel() : world.openChannel;
  if (!locks || !openChannel) return WebSocket;
  const others: TabWorld = { WebSocket, locks, openChannel, environment };
  const groups = new Map<string, Group>();

  function groupOf(url: string, principal: string, others: TabWorld): Group {
    const name = `trunkline ${url} ${principal}`;
    const known = groups.get(name) ?? createTabGroup(name, url, others);
    groups.set(name, known);
    return known;
  }

  class SharedSocket implements SocketLike {
    readyState = 0;
    onopen: SocketLike['onopen'] = null;
    onmessage: SocketLike['onmessage'] = null;
    onclose: SocketLike['onclose'] = null;
    onerror: SocketLike['onerror'] = null;
    readonly #member: Member;
    readonly #group: Group;

    constructor(group: Group, protocols: string[]) {
      this.#member = {
        name: environment.random().toString(36).slice(2),
        protocols,
        upstream: null,
        opened: () => {
          this.readyState = 1;
          (this.onopen as (() => void) | null)?.();
        },
        heard: (data) => (this.onmessage as ((event: unknown) => void) | null)?.({ data }),
        closed: (code, reason) => {
          this.readyState = 3;
          (this.onclose as ((event: unknown) => void) | null)?.({ code, reason });
        },
      };
      this.#group = group;
      group.join(this.#member);
    }

    send(text: string): void {
      this.#group.send(this.#member, text);
    }

    close(): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.#group.leave(this.#member);
    }
  }

  // A constructor may give another object: nothing is shared in nobody's name.
  return function open(url: string, protocols: string[]) {
    const principal = principalOf(protocols);
    if (principal === null) return new WebSocket(url, protocols);
    return new SharedSocket(groupOf(url, principal, others), protocols);
  } as unknown as SocketConstructor;
}

function defaultLocks(): Locks | undefined {
  return (globalThis as unknown as { readonly navigator?: { readonly locks?: Locks } }).navigator?.locks;
}

function defaultChannel(): ((name: string) => Channel) | undefined {
  const { BroadcastChannel } = globalThis as unknown as { BroadcastChannel?: new (name: string) => Channel };
  return BroadcastChannel && ((name) => new BroadcastChannel(name));
}
