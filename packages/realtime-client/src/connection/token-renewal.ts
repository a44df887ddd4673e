import type { Environment } from '../environment/environment.ts';

/** The share of a token's life after which the next one is fetched; a crowd that came together is spread over the rest. */
const share = 0.7;
const spreadShare = 0.1;
/** A renewal that brought nothing is tried again, so often that several tries fit into what is left. */
const againShare = 0.05;
const againMsMin = 500;
const againMsMax = 10_000;
const timerMsMax = 2_147_483_647;

/** Renews the token of an open connection in place, before it expires. */
export function createTokenRenewal(
  environment: Environment,
  getToken: (wanted: { readonly fresh: boolean }) => Promise<string | null> | string | null,
  send: (token: string) => unknown,
) {
  let timer: unknown;
  let againMs = againMsMax;
  /** What is fetched for a connection or a token that is not the present one any more is dropped. */
  let generation = 0;

  function start(expiresInMs: number): void {
    againMs = Math.min(againMsMax, Math.max(againMsMin, expiresInMs * againShare));
    schedule(expiresInMs * (share + spreadShare * environment.random()));
  }

  function stop(): void {
    generation += 1;
    environment.clearTimer(timer);
  }

  function schedule(ms: number): void {
    stop();
    timer = environment.setTimer(now, Math.min(timerMsMax, ms));
  }

  /** The next try is set before this one begins, so that nothing depends on its end. */
  function now(fresh = true): void {
    schedule(againMs);
    void fetchAndSend(generation, fresh);
  }

  async function fetchAndSend(mine: number, fresh: boolean): Promise<void> {
    try {
      const token = await getToken({ fresh });
      if (token && mine === generation) send(token);
    } catch (error) {
      environment.log.warn('no new token could be had', error);
    }
  }

  return { start, stop, now: () => now(), refused: () => schedule(againMs) };
}
