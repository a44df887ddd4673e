import type { CallRow, ExtensionRow } from '@trunkline/realtime-protocol';
import type { RealtimeClient } from '../client.ts';
import { storeOf } from '../store/store-of.ts';

/** Where the state can be read when no socket can be had. */
export interface PollingSource {
  openCalls(signal: AbortSignal): Promise<readonly CallRow[]>;
  extensions(signal: AbortSignal): Promise<readonly ExtensionRow[]>;
}

export interface PollingOptions {
  readonly source: PollingSource;
  readonly intervalMs?: number;
  /** How long the connection may be away before the first question. */
  readonly afterMs?: number;
}

/**
 * Reads the state every few seconds while no connection can be had, and stops as soon as there is one. What is read counts
 * for two intervals, as delayed. Returns how to end it.
 */
export function pollWhileDisconnected(
  client: RealtimeClient,
  { source, intervalMs = 3_000, afterMs = 3_000 }: PollingOptions,
): () => void {
  const { environment } = client;
  const store = storeOf(client);
  let timer: unknown;
  let asking: AbortController | undefined;

  function consider(): void {
    const { isConnected, reason } = client.getStatus();
    // Somebody who left on purpose, or who may not see this, does not want it by another way.
    const isWanted = !isConnected && (reason === null || reason === 'max_attempts');
    if (!isWanted) stop();
    else timer ??= environment.setTimer(() => void poll(), afterMs);
  }

  function stop(): void {
    environment.clearTimer(timer);
    timer = undefined;
    asking?.abort();
    asking = undefined;
  }

  async function poll(): Promise<void> {
    const mine = (asking = new AbortController());
    const deadline = environment.setTimer(() => mine.abort(), Math.max(intervalMs, 10_000));
    try {
      const topics = client.topics.topics();
      const { signal } = mine;
      if (topics.includes('calls')) take('calls', mine, { call_update: await source.openCalls(signal) });
      if (topics.includes('extensions')) {
        take('extensions', mine, { extension_update: await source.extensions(signal) });
      }
    } catch (error) {
      environment.log.debug('the state could not be read', error);
    } finally {
      environment.clearTimer(deadline);
    }
    if (asking !== mine) return;
    timer = environment.setTimer(() => void poll(), intervalMs);
  }

  /** What was asked for before a connection was there is older than what that one tells. */
  function take(topic: string, mine: AbortController, rows: Record<string, readonly object[]>): void {
    if (asking === mine && !mine.signal.aborted) store.takePolled(topic, rows, intervalMs * 2);
  }

  const stopListening = client.onStatus(consider);
  consider();
  return () => {
    stopListening();
    stop();
  };
}
