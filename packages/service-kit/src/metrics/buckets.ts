/** Seconds, from a cache hit to a call that gave up: 1 ms to 30 s. */
export const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/** How many of something went together: the entries of a batch, the sockets of a broadcast. */
export const COUNT_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;

/** Bytes, in steps of four: 64 B to 16 MiB. */
export const BYTES_BUCKETS = [
  64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
] as const;
