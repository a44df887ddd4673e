/** What a client's application wants to hear. It lives as long as the socket that holds it. */
export interface Application {
  readonly name: string;
  /** Such as channel:, which stands for all channels, or endpoint:PJSIP/1001. */
  readonly subscriptions: Set<string>;
  allowed: readonly string[];
  disallowed: readonly string[];
  /** Null where another client, outside of what is simulated, holds the application. */
  holder: ApplicationHolder | null;
}

export interface ApplicationHolder {
  push(application: string, type: string, fields: object): void;
  send(type: string, fields: object): void;
}

const KINDS = ['channel', 'bridge', 'endpoint', 'deviceState'] as const;

export class Applications {
  readonly #byName = new Map<string, Application>();

  get all(): Application[] {
    return [...this.#byName.values()];
  }

  find(name: string): Application | undefined {
    return this.#byName.get(name);
  }

  /**
   * The newest socket holds the application; the one before is told, and hears nothing more. What it had subscribed to
   * stays as it is then: `subscribeAll` counts only for a new application.
   */
  take(name: string, subscribeAll: boolean, holder: ApplicationHolder): void {
    const known = this.#byName.get(name);
    if (known !== undefined) {
      known.holder?.send('ApplicationReplaced', { application: name });
      known.holder = holder;
      return;
    }
    const subscriptions = new Set<string>(subscribeAll ? KINDS.map((kind) => `${kind}:`) : []);
    this.#byName.set(name, { name, subscriptions, allowed: [], disallowed: [], holder });
  }

  /** A socket has closed: what it held is forgotten at once, with all subscriptions and filters. */
  release(holder: ApplicationHolder): void {
    for (const application of this.#byName.values())
      if (application.holder === holder) this.#byName.delete(application.name);
  }

  /** A client that nobody here knows takes every application. */
  replaceAll(quietly: boolean): void {
    for (const application of this.#byName.values()) {
      if (!quietly) application.holder?.send('ApplicationReplaced', { application: application.name });
      application.holder = null;
    }
  }

  clear(): void {
    this.#byName.clear();
  }
}

export function hears(application: Application, type: string, sources: readonly string[]): boolean {
  const { subscriptions, allowed, disallowed } = application;
  if (disallowed.includes(type) || (allowed.length > 0 && !allowed.includes(type))) return false;
  return sources.some(
    (source) => subscriptions.has(source) || subscriptions.has(source.slice(0, source.indexOf(':') + 1)),
  );
}

const markers = {
  channel: '__AST_CHANNEL_ALL_TOPIC',
  bridge: '__AST_BRIDGE_ALL_TOPIC',
  endpoint: '__AST_ENDPOINT_ALL_TOPIC',
  deviceState: '__AST_DEVICE_STATE_ALL_TOPIC',
} as const;

export function applicationModel(application: Application): object {
  const idsOf = (kind: (typeof KINDS)[number]): string[] =>
    [...application.subscriptions]
      .filter((source) => source.startsWith(`${kind}:`))
      .map((source) => source.slice(kind.length + 1))
      .map((id) => (id === '' ? markers[kind] : id));
  return {
    name: application.name,
    channel_ids: idsOf('channel'),
    bridge_ids: idsOf('bridge'),
    endpoint_ids: idsOf('endpoint'),
    device_names: idsOf('deviceState'),
    events_allowed: application.allowed.map((type) => ({ type })),
    events_disallowed: application.disallowed.map((type) => ({ type })),
  };
}

/** Null where a source is of no known kind. */
export function readSources(text: string | null): string[] | null {
  const sources = (text ?? '').split(',').filter((source) => source !== '');
  const known = sources.every((source) => KINDS.some((kind) => source.startsWith(`${kind}:`)));
  return known && sources.length > 0 ? sources : null;
}
