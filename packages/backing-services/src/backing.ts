/** A store in use: given, or one that runs because we started it. */
export type Backing = {
  readonly url: string;
  /** For people: what it is and where, without secrets. */
  readonly label: string;
  /** Resolves with the reason should it be lost for good; never for one that was given. */
  readonly lost: Promise<string>;
  /** Stops what we started; does nothing to one that was given. May be called twice. */
  stop(): Promise<void>;
};

export type BackingServices = {
  readonly postgres: Backing;
  readonly redis: Backing;
  stop(): Promise<void>;
};

export const never = new Promise<never>(() => {});
