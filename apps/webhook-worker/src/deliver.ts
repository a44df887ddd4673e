import {
  addDeliveryJobs,
  claimDelivery,
  retryDelayMs,
  send,
  settleDelivery,
  signatureHeaders,
  testType,
  verdictOn,
  webhookIdOf,
  type Answer,
  type Attempt,
  type ClaimedDelivery,
  type DeliveryJob,
  type Settled,
  type Verdict,
} from '@trunkline/webhooks';
import type { WorkerHost } from './worker-host.ts';

/** What becomes of the job. */
export type JobOutcome =
  | { readonly kind: 'over' }
  /** Its time or its place has not come. Costs no attempt. */
  | { readonly kind: 'later'; readonly waitMs: number }
  | { readonly kind: 'retry'; readonly waitMs: number }
  | { readonly kind: 'failed' };

/** What finds no place comes back after about this, and after longer each time, so that a slow endpoint turns few wheels. */
const busyMs = 500;
const busyMsMax = 30_000;

/**
 * One attempt: asked for in one transaction, made, and settled in another one. In between nothing is held, so whoever dies
 * there leaves a delivery that is made again, under the same id.
 */
export async function deliver(
  host: WorkerHost,
  job: DeliveryJob,
  { turnedAway, stop }: { readonly turnedAway: number; readonly stop: AbortSignal },
): Promise<JobOutcome> {
  const claim = await host.database.run((transaction) => claimDelivery(transaction, job));
  switch (claim.kind) {
    case 'over':
      return { kind: 'over' };
    case 'early':
      return { kind: 'later', waitMs: claim.waitMs };
    case 'busy':
      return { kind: 'later', waitMs: jittered(Math.min(busyMsMax, busyMs * 2 ** Math.min(turnedAway, 10))) };
    case 'go':
    default:
      return await attempt(host, claim.delivery, stop);
  }
}

async function attempt(host: WorkerHost, delivery: ClaimedDelivery, stop: AbortSignal): Promise<JobOutcome> {
  const at = new Date();
  const startedAt = performance.now();
  const answer = await post(host, delivery, at, stop);
  const verdict = verdictOn(answer, new Date());
  const made: Attempt = {
    delivery,
    at,
    durationMs: Math.round(performance.now() - startedAt),
    httpStatus: answer.status,
    response: answer.status === null ? null : answer.response,
    verdict,
    retryInMs: retryInMs(host, delivery, verdict),
  };
  const settled = await host.database.run((transaction) => settleDelivery(transaction, made, host.bounds));
  host.events.attempted(made, settled);
  await passOn(host, settled);
  if (settled.outcome === 'retrying' && settled.disabled === null && made.retryInMs !== null)
    return { kind: 'retry', waitMs: made.retryInMs };
  return { kind: settled.outcome === 'failed' ? 'failed' : 'over' };
}

async function post(
  host: WorkerHost,
  delivery: ClaimedDelivery,
  at: Date,
  stop: AbortSignal,
): Promise<Answer> {
  const secrets = delivery.sealedSecrets.map((sealed) => host.keys.open(sealed, delivery.endpoint));
  const headers = signatureHeaders({ id: webhookIdOf(delivery.id), at, body: delivery.body, secrets });
  const { policy, resolve, answerWithinMs: withinMs } = host;
  return await send(
    { url: delivery.url, headers, body: delivery.body },
    { policy, resolve, withinMs, signal: stop },
  );
}

/** A test tells at once how it went, and a receiver that wants nothing any more is asked no more. */
function retryInMs(host: WorkerHost, delivery: ClaimedDelivery, verdict: Verdict): number | null {
  if (verdict.kind !== 'failed' || delivery.type === testType) return null;
  return retryDelayMs({
    attempts: delivery.attempts + 1,
    retryAfterMs: verdict.retryAfterMs,
    random: Math.random,
    scheduleMs: host.scheduleMs,
  });
}

/** What was committed is passed on; where that fails somebody finds it later, so nothing is done again for it. */
async function passOn({ queue, relay, logger }: WorkerHost, { jobs, messages }: Settled): Promise<void> {
  try {
    await addDeliveryJobs(queue, jobs);
    if (messages.length > 0) await relay(messages);
  } catch (error) {
    logger.debug({ err: error }, 'what follows from an attempt could not be passed on yet');
  }
}

const jittered = (ms: number): number => ms * (0.5 + Math.random());
