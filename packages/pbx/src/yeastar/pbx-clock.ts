/** The header that tells the time tells whole seconds, so less than this is no difference. */
const NOISE_MS = 2_000;

/** How far the PBX's clock is from ours, measured by the date of its latest answer. */
export class PbxClock {
  /** The PBX's time minus ours. */
  #offsetMs = 0;

  observe(date: string | undefined, now: number): void {
    const told = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(told)) return;
    const offset = told + 500 - now;
    this.#offsetMs = Math.abs(offset) <= NOISE_MS ? 0 : offset;
  }

  toOurs(pbxTime: number): number {
    return pbxTime - this.#offsetMs;
  }

  toTheirs(ourTime: number): number {
    return ourTime + this.#offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }
}

/** A start further back than this says that the key's number is no time. */
const AGE_MAX_MS = 30 * 24 * 3_600_000;

/** Keys of calls begin with the second in which the call began, by the PBX's clock. */
export function startOfCall(call: string, clock: PbxClock, now: number): number | undefined {
  const seconds = /^(\d{9,11})\./.exec(call)?.[1];
  if (seconds === undefined) return undefined;
  const startedAt = Math.round(clock.toOurs(Number(seconds) * 1000));
  return now - startedAt > AGE_MAX_MS || startedAt > now + AGE_MAX_MS ? undefined : Math.min(startedAt, now);
}
