/** How a connection behaves. The names are those of the configurations that the presets come from. */
export interface ConnectionSettings {
  /** Attempts in a row before it gives up. `Infinity`: never. */
  readonly maxReconnectAttempts: number;
  /** The delay before the first new attempt, in ms. */
  readonly baseDelay: number;
  /** No delay is longer than this. */
  readonly maxDelay: number;
  readonly backoffMultiplier: number;
  /** Up to so many ms on top of a delay. */
  readonly jitterRange: number;
  /** Up to this share of a delay on top of it. */
  readonly jitterFactor: number;
  /** The whole delay is by chance, between nothing and what it would have been: the best spread there is. */
  readonly fullJitter: boolean;
  /** From the first step of an attempt to a usable connection. */
  readonly connectionTimeout: number;
  /** How often the client pings; 0: as often as the server does. */
  readonly heartbeatInterval: number;
  /** How long an answer to a ping may take. */
  readonly pongTimeout: number;
  /** How often `connection:health_check` tells of the connection's health. */
  readonly healthCheckInterval: number;
  /** So many pings in a row without an answer, and the connection is taken for dead. */
  readonly unhealthyThreshold: number;
  /** A connection that did not last this long counts as one more failure. */
  readonly minimumUptime: number;
}

/** Ours: comes back whatever happens, spread as widely as can be. */
export const defaults: ConnectionSettings = {
  maxReconnectAttempts: Infinity,
  baseDelay: 1_000,
  maxDelay: 30_000,
  backoffMultiplier: 2,
  jitterRange: 0,
  jitterFactor: 0,
  fullJitter: true,
  connectionTimeout: 15_000,
  heartbeatInterval: 0,
  pongTimeout: 10_000,
  healthCheckInterval: 30_000,
  unhealthyThreshold: 1,
  // Servers that die every 5 s, as in our storms, count as good meanwhile; one that dies at once does not.
  minimumUptime: 2_000,
};

/** What may be given: a preset, any setting by itself, and the older names of two of them. */
export interface ConnectionConfig extends Partial<ConnectionSettings> {
  readonly preset?: Partial<ConnectionSettings>;
  /** `baseDelay`. */
  readonly reconnectDelay?: number;
  /** `heartbeatInterval`. */
  readonly pingInterval?: number;
}

export function readSettings(config: ConnectionConfig): ConnectionSettings {
  const { preset, reconnectDelay, pingInterval } = config;
  const older = { baseDelay: reconnectDelay, heartbeatInterval: pingInterval };
  const settings: Record<string, unknown> = { ...defaults };
  for (const [name, value] of [preset ?? {}, older, config].flatMap((one) => Object.entries(one))) {
    if (!(name in defaults) || value === undefined) continue;
    if (typeof value !== typeof settings[name] || !(Number(value) >= 0)) {
      throw new TypeError(`${name} can't be ${String(value)}: its default is ${String(settings[name])}`);
    }
    settings[name] = value;
  }
  return settings as unknown as ConnectionSettings;
}
