/* oxlint-disable unicorn/prefer-add-event-listener -- one handler each, so that letting go of it is one assignment */
/* oxlint-disable unicorn/require-post-message-target-origin -- a channel has no other origin */
import type { Environment, SocketConstructor } from '../environment/environment.ts';
import { createHub } from './hub.ts';
import type { FromHub, TabMessage, ToHub } from './tab-message.ts';

/** The part of Web Locks that is used. */
export interface Locks {
  request(name: string, options: { steal?: boolean }, callback: () => Promise<void>): Promise<unknown>;
}

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: never) => unknown) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface TabWorld {
  readonly WebSocket: SocketConstructor;
  readonly locks: Locks;
  readonly openChannel: (name: string) => Channel;
  readonly environment: Pick<Environment, 'now' | 'setTimer' | 'clearTimer' | 'random'>;
}

/** A tab that leads and does not answer for so long is frozen or stuck, and is led no longer by. */
export const leaderPatienceMs = 3_000;

/** A virtual socket, as the group sees it. */
export interface Member {
  readonly name: string;
  readonly protocols: string[];
  upstream: string | null;
  opened(): void;
  heard(text: string): void;
  closed(code: number, reason: string): void;
}

/**
 * This tab among those that share a socket. Whoever gets the lock leads and holds the socket; the browser gives the lock to
 * the next one when a tab closes or crashes. A leader that does not answer is robbed of it.
 */
export function createTabGroup(
  name: string,
  url: string,
  { WebSocket, locks, openChannel, environment }: TabWorld,
) {
  const members = new Map<string, Member>();
  const channel = openChannel(name);
  let hub: ReturnType<typeof createHub> | undefined;
  let patience: unknown;
  let alone = false;

  channel.onmessage = ({ data }: { readonly data: TabMessage }) => {
    if (data.to === 'hub') hub?.hear(data);
    else hear(data);
  };
  void lead(false);

  async function lead(steal: boolean): Promise<void> {
    let held = false;
    try {
      await locks.request(name, steal ? { steal } : {}, () => {
        held = true;
        takeOver();
        return Promise.withResolvers<void>().promise;
      });
    } catch {
      if (held) {
        // Another tab found that this one does not answer.
        const robbed = hub;
        hub = undefined;
        robbed?.stop();
        void lead(false);
      } else {
        // Some pages may not have locks: this one is alone then.
        channel.onmessage = null;
        alone = true;
        takeOver();
      }
    }
  }

  function takeOver(): void {
    hub = createHub(WebSocket, url, tellTabs, environment.now);
    tellTabs({ to: 'tabs', kind: 'leads' });
  }

  /** A channel does not speak to its own tab. And not at once, since nobody expects that of a socket. */
  function tellTabs(message: FromHub): void {
    if (!alone) channel.postMessage(message);
    queueMicrotask(() => hear(message));
  }

  function tellHub(message: ToHub): void {
    if (hub === undefined) channel.postMessage(message);
    else queueMicrotask(() => hub?.hear(message));
  }

  function hear(message: FromHub): void {
    switch (message.kind) {
      case 'leads':
        for (const member of members.values()) {
          if (member.upstream === null) ask(member);
          else leave(member).closed(1012, 'another tab holds the connection');
        }
        return;
      case 'opened': {
        const member = members.get(message.socket);
        if (member === undefined) return;
        member.upstream = message.upstream;
        stopWaiting();
        return member.opened();
      }
      case 'text':
        for (const member of members.values()) {
          const isMeant = message.socket === undefined || message.socket === member.name;
          if (isMeant && member.upstream === message.upstream) member.heard(message.text);
        }
        return;
      case 'closed':
        for (const member of members.values()) {
          if (member.upstream === message.upstream) leave(member).closed(message.code, message.reason);
        }
    }
  }

  function ask({ name, protocols }: Member): void {
    tellHub({ to: 'hub', kind: 'open', socket: name, protocols });
    patience ??= environment.setTimer(() => {
      patience = undefined;
      if (hub === undefined && [...members.values()].some(({ upstream }) => upstream === null))
        void lead(true);
    }, leaderPatienceMs);
  }

  function stopWaiting(): void {
    environment.clearTimer(patience);
    patience = undefined;
  }

  function leave(member: Member): Member {
    members.delete(member.name);
    return member;
  }

  return {
    join(member: Member): void {
      members.set(member.name, member);
      ask(member);
    },
    send: (member: Member, text: string) => tellHub({ to: 'hub', kind: 'send', socket: member.name, text }),
    leave(member: Member): void {
      leave(member);
      tellHub({ to: 'hub', kind: 'close', socket: member.name });
    },
    leads: (): boolean => hub !== undefined,
  };
}
