import { callSaidByEvent, callSaidBySnapshot } from '../call/call-said.ts';
import type { LifecycleEvent, LinkSnapshot } from '../events/event.ts';
import { isEngaged, type ExtensionStatus } from '../extension/extension-status.ts';
import { standingOf } from '../floor/floor-said.ts';
import type { Instant } from '../instant.ts';
import type { Version } from '../version.ts';

/** A call or a phone as somebody would keep it who hears everything once and in order, and simply overwrites. */
interface PlainCall {
  status: string;
  endedAt: Instant | undefined;
  cause: string | undefined;
  /** The version whose state was last heard: a snapshot can't take back what it could not have seen. */
  heardAt: Version;
}
interface PlainExtension {
  status: ExtensionStatus;
  lastSeenAt: Instant;
  heardAt: Version;
  wordAt: Instant;
}

/**
 * The other reading of one PBX's history, written without a single key, floor or merge: events are taken in the order
 * of their versions and change a mutable state at once. The merging model must agree with it on every history.
 */
export function readInOrder(events: readonly LifecycleEvent[]) {
  const calls = new Map<string, PlainCall>();
  const extensions = new Map<string, PlainExtension>();

  for (const event of [...events].sort((one, other) => (one.version < other.version ? -1 : 1))) {
    if (event.type === 'link.disconnected') disconnect(event.at, event.cause);
    else if (event.type === 'link.snapshot') reconcile(event);
    else if (event.type === 'extension.changed') {
      extensions.set(event.extension, {
        status: event.status,
        lastSeenAt: event.at,
        wordAt: event.at,
        heardAt: event.version,
      });
    } else if ('call' in event && event.type !== 'recording.ready') {
      const { lastWord } = callSaidByEvent(event);
      const ended = lastWord.status === 'ended' ? lastWord : undefined;
      calls.set(event.call, {
        status: lastWord.status,
        endedAt: ended?.endedAt,
        cause: ended?.cause,
        heardAt: event.version,
      });
    }
  }
  return { calls, extensions };

  function disconnect(at: Instant, cause: string): void {
    for (const call of calls.values()) if (call.status !== 'ended') end(call, at, cause);
    for (const extension of extensions.values()) {
      if (isEngaged(extension.status)) Object.assign(extension, { status: 'online', lastSeenAt: at });
    }
  }

  function reconcile(snapshot: LinkSnapshot): void {
    const { asOf } = standingOf(snapshot);
    reconcileCalls(snapshot, asOf);
    reconcileExtensions(snapshot, asOf);
  }

  function reconcileCalls(snapshot: LinkSnapshot, asOf: Version): void {
    const listed = new Set<string>();
    for (const item of snapshot.calls) {
      listed.add(item.call);
      const known = calls.get(item.call);
      if (known !== undefined && known.heardAt > asOf) continue;
      const { status } = callSaidBySnapshot(item, standingOf(snapshot)).lastWord;
      calls.set(item.call, { status, endedAt: undefined, cause: undefined, heardAt: asOf });
    }
    for (const [key, call] of calls) {
      const isUnlisted = !listed.has(key) && call.status !== 'ended';
      if (isUnlisted && call.heardAt <= asOf) end(call, snapshot.at, 'reconciled');
    }
  }

  function reconcileExtensions(snapshot: LinkSnapshot, asOf: Version): void {
    if (snapshot.extensions === undefined) return;
    const listed = new Set<string>();
    for (const { extension, status } of snapshot.extensions) {
      listed.add(extension);
      const known = extensions.get(extension);
      if (known !== undefined && known.heardAt > asOf) continue;
      extensions.set(extension, { status, lastSeenAt: snapshot.at, wordAt: snapshot.at, heardAt: asOf });
    }
    for (const [number, extension] of extensions) {
      if (listed.has(number) || extension.heardAt > asOf || extension.status === 'offline') continue;
      Object.assign(extension, { status: 'offline', lastSeenAt: extension.wordAt });
    }
  }
}

function end(call: PlainCall, at: Instant, cause: string): void {
  Object.assign(call, { status: 'ended', endedAt: at, cause });
}
