/**
 * The processes that `npm start` runs, in the order in which they start; they stop in the reverse. An app joins the
 * system by a line here and nowhere else.
 */
export const fleet: readonly FleetProcess[] = [];

export type FleetProcess = {
  /** Stands before each line it prints. */
  readonly name: string;
  /** The main file, from the root of the checkout. */
  readonly entry: string;
  /** Names of the ports it listens on. Each gets a free one, which is remembered from start to start. */
  readonly ports: readonly string[];
  /** What it is told beyond DATABASE_URL and REDIS_URL, which every process gets. */
  environment(surroundings: Surroundings): Readonly<Record<string, string>>;
  /** Done once before its first start, when those above it are ready; such as data that development needs. */
  prepare?(surroundings: Surroundings): Promise<void>;
  /** Answers 200 as soon as the process is ready. A process that has none is ready once it runs. */
  readyUrl?(surroundings: Surroundings): string;
  /** What the line "Trunkline is ready" should name, such as the address of the console. */
  shown?(surroundings: Surroundings): string;
};

export type Surroundings = {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Every port of the fleet, by `<process>.<port>`, such as `api.http`. */
  readonly ports: Readonly<Record<string, number>>;
};
