import { randomUUID } from 'node:crypto';
import {
  fenceWorkLease,
  findSuspects,
  finishLeftBehind,
  finishRuns,
  noteReopened,
  pruneRunCalls,
  releaseWorkLease,
  WorkLeaseLostError,
  type CallPlace,
  type OpenCall,
  type Suspect,
} from '@trunkline/database';
import { decideByTimeAlone, decideStuckCall, type StuckCallLimits } from '@trunkline/domain';
import { holdLease } from './hold-lease.ts';
import { settle, type Decided } from './settle.ts';
import { boundsOf, leaseOf, relayLater, type SweepContext, type SweepWork } from './sweep-context.ts';
import { reportOf, type SweepReport, type SweptCall } from './sweep-report.ts';
import { limitsOf, searchOf, type SweepRequest } from './sweep-request.ts';
import { sweptCall } from './swept-call.ts';
import { verify } from './verify.ts';

/** A stretch of the open calls, by PBX and key; what is left out reaches to the end. */
export interface SweepRange {
  readonly after?: CallPlace | undefined;
  readonly through?: CallPlace | undefined;
}

export interface SweepOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly handled: number }) => void;
}

/** A whole sweep in this process. The worker does the same in pieces, each a job. */
export async function sweep(
  context: SweepContext,
  request: SweepRequest,
  set: StuckCallLimits,
  { signal, onProgress }: SweepOptions = {},
): Promise<SweepReport> {
  const work: SweepWork = { sweep: randomUUID(), request, limits: limitsOf(request, set) };
  const told = { sweep: work.sweep, dryRun: request.dryRun, verify: request.verify };
  if (request.dryRun) {
    return reportOf({ ...told, state: 'done' }, await sweepRange(context, work, {}, { onProgress, signal }));
  }
  await using lease = await holdLease(context.database, leaseOf(work), boundsOf(context).leaseMs);
  if (lease === null) return reportOf({ ...told, state: 'busy' }, []);
  const stop = signal === undefined ? lease.signal : AbortSignal.any([lease.signal, signal]);
  try {
    const calls = await beginSweep(context, work);
    calls.push(...(await sweepRange(context, work, {}, { onProgress, signal: stop })));
    await finishSweep(context, work);
    const { batchCallsMax, batchesMax } = boundsOf(context);
    return reportOf({ ...told, state: 'done', more: calls.length >= batchCallsMax * batchesMax }, calls);
  } catch (error) {
    if (error instanceof WorkLeaseLostError) return reportOf({ ...told, state: 'overtaken' }, []);
    // Nobody goes on with it, so the next one need not wait for the lease to run out.
    await finishSweep(context, work).catch(() => undefined);
    throw error;
  }
}

/** Closes what sweeps that died left open, and tells of calls that speak again. For whoever holds the lease. */
export async function beginSweep(context: SweepContext, work: SweepWork): Promise<SweptCall[]> {
  const { reopenedMax } = boundsOf(context);
  const run = { sweep: work.sweep, reason: work.request.by };
  const { messages, reopened } = await context.database.run(async (transaction) => {
    await fenceWorkLease(transaction, leaseOf(work));
    return {
      messages: await finishLeftBehind(transaction, work.sweep),
      reopened: await noteReopened(transaction, run, reopenedMax),
    };
  });
  await relayLater(context, messages);
  const swept = reopened.map(spokeAgain);
  for (const call of swept) context.onCall?.(call);
  return swept;
}

const spokeAgain = (call: OpenCall): SweptCall =>
  sweptCall(call, { why: 'spoke_again', liveness: null, detail: null, outcome: 'reopened' });

/**
 * Looks at the suspects of a stretch, page by page, and does with each what the policy says. Doing a stretch again is
 * harmless: what was ended is no suspect any more, and what was found alive is none for a limit.
 */
export async function sweepRange(
  context: SweepContext,
  work: SweepWork,
  { after, through }: SweepRange,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: SweepOptions['onProgress'] },
): Promise<SweptCall[]> {
  const { batchCallsMax, batchesMax } = boundsOf(context);
  const search = searchOf(work.request, work.limits);
  const swept: SweptCall[] = [];
  let from = after;
  for (let batch = 0; batch < batchesMax; batch += 1) {
    signal?.throwIfAborted();
    const page = { after: from, through, size: batchCallsMax };
    const suspects = await context.database.run((transaction) => findSuspects(transaction, search, page));
    swept.push(...(await handleSuspects(context, work, suspects, signal)));
    onProgress?.({ handled: swept.length });
    from = suspects.at(-1);
    if (suspects.length < batchCallsMax) break;
  }
  return swept;
}

async function handleSuspects(
  context: SweepContext,
  work: SweepWork,
  suspects: readonly Suspect[],
  signal: AbortSignal | undefined,
): Promise<SweptCall[]> {
  const decided = await decideAll(context, work, suspects, signal);
  if (work.request.dryRun) return decided.map(foretell);
  const settlement = { sweep: work.sweep, reason: work.request.by, lease: leaseOf(work) };
  return settle(context, settlement, decided);
}

async function decideAll(
  context: SweepContext,
  { request, limits }: SweepWork,
  suspects: readonly Suspect[],
  signal: AbortSignal | undefined,
): Promise<Decided[]> {
  if (!request.verify) {
    return suspects.map((call) => ({
      call,
      why: call.why,
      liveness: null,
      detail: null,
      decision: decideByTimeAlone(call, call.seenAt, limits),
    }));
  }
  const answers = await verify(context.ask, suspects, boundsOf(context), signal);
  return suspects.map((call, index) => {
    const { liveness, detail } = answers[index] ?? { liveness: 'unknown', detail: null };
    const decision = decideStuckCall(call, liveness, call.seenAt, limits);
    return { call, why: call.why, liveness, detail, decision };
  });
}

function foretell(decided: Decided): SweptCall {
  const { decision, liveness } = decided;
  const outcome = decision.do === 'end' ? 'would_end' : liveness === 'alive' ? 'alive' : 'unknown';
  return sweptCall(decided.call, { ...decided, outcome });
}

/** Counts what was done, closes the runs, and lets the next sweep begin. */
export async function finishSweep(context: SweepContext, work: SweepWork): Promise<void> {
  const { detailsKeptMs, detailsPrunedMax } = boundsOf(context);
  const messages = await context.database.run(async (transaction) => {
    await fenceWorkLease(transaction, leaseOf(work));
    const messages = await finishRuns(transaction, work.sweep);
    await pruneRunCalls(transaction, { olderThanMs: detailsKeptMs, max: detailsPrunedMax });
    await releaseWorkLease(transaction, leaseOf(work));
    return messages;
  });
  await relayLater(context, messages);
}

export interface SweepPlan {
  readonly ranges: readonly SweepRange[];
  /** Suspects when it was made. */
  readonly found: number;
  /** There are more than one sweep takes. */
  readonly more: boolean;
}

/** Cuts the open calls into stretches of so many suspects that each is one batch. */
export async function planSweep(
  context: Pick<SweepContext, 'database' | 'bounds'>,
  { request, limits }: SweepWork,
): Promise<SweepPlan> {
  const { batchCallsMax, batchesMax } = boundsOf(context);
  const search = searchOf(request, limits);
  const ranges: SweepRange[] = [];
  let found = 0;
  let after: CallPlace | undefined;
  for (;;) {
    if (ranges.length === batchesMax) return { ranges, found, more: true };
    const page = { after, size: batchCallsMax };
    const suspects = await context.database.run((transaction) => findSuspects(transaction, search, page));
    const last = suspects.at(-1);
    if (last === undefined) return { ranges, found, more: false };
    found += suspects.length;
    const through = { pbx: last.pbx, call: last.call };
    ranges.push(after === undefined ? { through } : { after, through });
    after = through;
    if (suspects.length < batchCallsMax) return { ranges, found, more: false };
  }
}
