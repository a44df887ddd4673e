import type { Vendor } from '@trunkline/pbx';
import { assertNever, fullJitterDelay } from '@trunkline/service-kit';
import type { AttemptFault } from './attempt-fault.ts';
import type { PolicyLimits, VendorLimits } from './limits.ts';

/** What to do about a fault. Durations only: the caller knows what time it is. */
export type Verdict =
  | {
      readonly kind: 'wait';
      readonly delayMs: number;
      /** A person should look at it. */
      readonly alarm: boolean;
      /** Somebody took our place: that the lease is still ours must be proven anew before the next attempt. */
      readonly freshLease: boolean;
    }
  /** Nobody behind this address may log in for so long. */
  | { readonly kind: 'block'; readonly forMs: number }
  /** Nobody tries again until a person has done something. */
  | { readonly kind: 'refuse' };

export interface Case {
  readonly vendor: Vendor;
  readonly fault: AttemptFault;
  /** Attempts and links that failed in a row, this one included. */
  readonly failures: number;
  /** Logins refused in a row, this one included where it was one. */
  readonly credentialFailures: number;
  /** Milliseconds since 1970, as in faults. */
  readonly wallNow: number;
  /** In [0, 1). */
  readonly random: number;
}

/** Up to here Yeastar's delay stays as it is; then it grows. */
const steadyFailures = 12;
const yeastarSpread = 0.2;

/** The policy for broken links, one rule a fault. Total and pure. */
export function judgeFault(given: Case, limits: PolicyLimits): Verdict {
  const { fault, vendor, credentialFailures } = given;
  const own = vendor === 'yeastar' ? limits.yeastar : limits.asterisk;
  switch (fault.kind) {
    case 'unreachable':
    case 'silent':
    case 'overrun':
    case 'closed':
      return wait(ordinaryDelay(given, own));
    case 'credentials':
      if (credentialFailures >= limits.credentialFailuresMax) return { kind: 'refuse' };
      return wait(own.credentialsMs ?? ordinaryDelay(given, own), { alarm: true });
    case 'blocked':
      return { kind: 'block', forMs: blockMs(fault.until, given, own, limits) };
    case 'forbidden':
      return wait(own.forbiddenMs, { alarm: true });
    case 'crowded':
      return wait(crowdedDelay(fault.until, given, own));
    case 'starting':
      return wait(limits.startingMs);
    case 'replaced':
      return wait(ordinaryDelay(given, own), { freshLease: true, alarm: true });
    case 'shutdown':
      return wait(given.failures <= 1 ? limits.shutdownMs : ordinaryDelay(given, own));
    case 'certificate':
    case 'protocol':
    case 'unconfigured':
      return wait(limits.attentionMs, { alarm: true });
    case 'unprepared':
      return wait(limits.unpreparedMs);
    default:
      return assertNever(fault, 'fault');
  }
}

const wait = (delayMs: number, { alarm = false, freshLease = false } = {}): Verdict => ({
  kind: 'wait',
  delayMs,
  alarm,
  freshLease,
});

function ordinaryDelay({ vendor, failures, random }: Case, { retryMs, retryMsMax }: VendorLimits): number {
  const attempt = Math.max(0, failures - 1);
  if (vendor !== 'yeastar')
    return fullJitterDelay(attempt, { baseMs: retryMs, capMs: retryMsMax, random: () => random });
  const grown = retryMs * 2 ** Math.max(0, attempt - steadyFailures + 1);
  // The spread lies below the cap, so that no delay is longer than it.
  const middle = Math.min(grown, retryMsMax / (1 + yeastarSpread));
  return middle * (1 + yeastarSpread * (2 * random - 1));
}

/** At least the usual length of a block, however soon the PBX says that it ends: its clock may be wrong. */
function blockMs(
  until: number | null,
  { wallNow, random }: Case,
  own: VendorLimits,
  { blockJitterMs }: PolicyLimits,
): number {
  const told = until === null ? 0 : until - wallNow;
  return Math.min(Math.max(told, own.blockMs) + random * blockJitterMs, blockMsMax);
}

/** PBXs show the year 2099 for "for ever"; a person lifts such a block. Timers don't reach that far. */
const blockMsMax = 24 * 3600 * 1000;

/** No longer than the oldest session can live, and never less than any other failure waits. */
function crowdedDelay(until: number | null, given: Case, own: VendorLimits): number {
  const told = until === null ? own.crowdedMs : until - given.wallNow;
  return Math.max(Math.min(told, own.crowdedMs), Math.min(ordinaryDelay(given, own), own.crowdedMs));
}
