/** What was not measured and must be assumed of an installation; the page tells each of them. */
export const assumptions = {
  /** Of a day's calls, those of its busiest hour. */
  busyHourShare: 0.15,
  /** Whatever serves is planned to be busy for so much of the time: the rest is for bursts and for what fails. */
  planned: 0.6,
  /** Of one PostgreSQL, and what its disk writes of log in a second. */
  postgresCores: 16,
  walMegabytesPerSecond: 200,
  /** Redis works in one thread. */
  redisCores: 1,
  shardsByDefault: 8,
  /** What a worker reads at once, and what each event adds to a batch: `npm run bench -- ingest`, of its slower runs. */
  batchMax: 1_000,
  eventMs: 0.036,
  daysOfMonth: 30,
  /** Each browser is of a phone, which has so many calls in the busy hour. */
  callsPerBrowserAndHour: 6,
  /** People of one tenant, and one in so many who has all of its calls open. */
  browsersPerTenant: 500,
  supervisorEvery: 50,
  /** A node takes so many connections unless it is told otherwise, and is planned for a share of them. */
  connectionsPerNode: 20_000,
} as const;

export type Assumptions = { readonly [Name in keyof typeof assumptions]: number };
