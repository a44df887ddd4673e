/** What pings have measured: smoothed round trip and smoothed deviation from it, in ms, as TCP does it (RFC 6298). */
export interface RoundTrips {
  readonly latencyMs: number;
  readonly jitterMs: number;
}

export function addRoundTrip(known: RoundTrips | null, ms: number): RoundTrips {
  if (known === null) return { latencyMs: ms, jitterMs: 0 };
  return {
    latencyMs: known.latencyMs + (ms - known.latencyMs) / 8,
    jitterMs: known.jitterMs + (Math.abs(ms - known.latencyMs) - known.jitterMs) / 4,
  };
}
