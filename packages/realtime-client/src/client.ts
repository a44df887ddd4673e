import {
  type Connected,
  type Data,
  type DataType,
  type Down,
  type RowsByType,
  type Up,
} from '@trunkline/realtime-protocol';
import type { CallStateReset } from './store/call-state.ts';
import { createConnection } from './connection/connection.ts';
import { deriveUrl } from './connection/derive-url.ts';
import { readSettings, type ConnectionConfig } from './connection/settings.ts';
import type { ConnectionDetail, ConnectionEventName } from './connection/state.ts';
import { defaultEnvironment } from './environment/default-environment.ts';
import type { Environment } from './environment/environment.ts';
import { Events } from './events.ts';
import { readStatus, type ConnectionStatus } from './status.ts';
import { createTopics } from './topics/topics.ts';
import type { TopicStatus } from './topics/topic-entry.ts';
import type { TopicSnapshot } from './topics/topics.ts';

export interface ClientOptions extends ConnectionConfig {
  /** A whole address or a path; by default `/ws` on the host of the page. */
  readonly url?: string;
  /** Asked before each attempt and before a token expires. `fresh`: a cached one won't do. Null: nobody is signed in. */
  readonly getToken?: (wanted: { readonly fresh: boolean }) => Promise<string | null> | string | null;
  /** A token that lives as long as it is needed. */
  readonly token?: string;
  /** Topics wanted from the start. */
  readonly topics?: readonly string[];
  /** Connects at once; true where topics are given. */
  readonly autoConnect?: boolean;
  /** Parts of the world to be replaced: `WebSocket`, `log`, and what tests need. */
  readonly environment?: Partial<Environment>;
}

export type ClientEvents = { readonly [Name in ConnectionEventName]: ConnectionDetail } & {
  readonly [Type in DataType]: RowsByType[Type];
} & {
  'connection:health_check': ConnectionStatus;
  /** Every data message, as it came. */
  message: Data;
  /** Everything else that the server says. */
  control: Down;
  'call-state:reset': CallStateReset;
  'topic:status': { readonly topic: string; readonly status: TopicStatus };
  /** The topic starts anew: what was known of it is replaced by this. */
  'topic:snapshot': TopicSnapshot;
  /** Nobody on this page wants the topic any more. */
  'topic:forgotten': { readonly topic: string };
  /** A connection serves: topics are asked for, commands go out. */
  serve: Connected;
  lost: undefined;
};

export type RealtimeClient = ReturnType<typeof createClient>;

/** Live calls, phones and the rest over one connection, or the knowledge that they are stale. */
export function createClient(options: ClientOptions = {}) {
  const settings = readSettings(options);
  const environment: Environment = { ...defaultEnvironment(), ...options.environment };
  const events = new Events<ClientEvents>(environment.log);
  const statusListeners = new Set<() => void>();
  let healthTimer: unknown;
  let since: number | null = null;

  const topics = createTopics({
    environment,
    send: (message) => connection.send(message),
    onData: take,
    onSnapshot: (snapshot) => events.emit('topic:snapshot', snapshot),
    onForgotten: (topic) => events.emit('topic:forgotten', { topic }),
    onStatus: (topic, status) => events.emit('topic:status', { topic, status }),
  });

  const connection = createConnection({
    settings,
    environment,
    url: () => deriveUrl(options.url, environment.location),
    getToken: options.getToken ?? (() => options.token ?? null),
    onServe(identity) {
      since = environment.wallNow();
      topics.onServe();
      events.emit('serve', identity);
      checkHealthLater();
    },
    onLost() {
      since = environment.wallNow();
      environment.clearTimer(healthTimer);
      topics.onLost();
      events.emit('lost', undefined);
    },
    onMessage(message) {
      topics.hear(message);
      if (!('rows' in message)) events.emit('control', message);
    },
    onEvent: (name, detail) => events.emit(name, detail),
    onChange: refresh,
  });
  let status = readStatus(connection, settings, environment, since);

  function take(message: Data): void {
    events.emit('message', message);
    for (const row of message.rows) events.emit(message.type, row);
  }

  function refresh(): void {
    const next = readStatus(connection, settings, environment, since);
    if (JSON.stringify(next) === JSON.stringify(status)) return;
    status = next;
    for (const listener of statusListeners) events.guard('control', listener);
  }

  function checkHealthLater(): void {
    environment.clearTimer(healthTimer);
    healthTimer = environment.setTimer(() => {
      events.emit('connection:health_check', status);
      checkHealthLater();
    }, settings.healthCheckInterval);
  }

  function order(type: 'connect' | 'disconnect' | 'force' | 'tokenChanged'): void {
    connection.tell({ type });
  }

  /** Drops what is there and connects anew. True when it is open, false when the attempt came to nothing. */
  function forceReconnection(): Promise<boolean> {
    order('force');
    return new Promise((resolve) => {
      const stop = onStatus(() => {
        if (!status.isConnected && status.nextAttemptAt === null && status.reason === null) return;
        stop();
        resolve(status.isConnected);
      });
    });
  }

  function onStatus(listener: () => void): () => void {
    statusListeners.add(listener);
    return () => void statusListeners.delete(listener);
  }

  for (const topic of options.topics ?? []) topics.subscribe(topic);
  if (options.autoConnect ?? options.topics !== undefined) order('connect');

  return {
    /** Connects as soon as there is a token. Does nothing where it is connected or tries to be. */
    connect: () => order('connect'),
    /** Final, until `connect` is called. */
    disconnect: () => order('disconnect'),
    forceReconnection,
    /** Somebody signed in, or there is a new token: it is asked for. */
    tokenChanged: () => order('tokenChanged'),
    /** False when no connection is open. */
    send: (message: Up | Record<string, unknown>): boolean => connection.send(message as Up),
    /** Counted: the topic is wanted until everybody who asked for it has let go of it. */
    subscribe: topics.subscribe,
    on: events.on.bind(events),
    off: events.off.bind(events),
    topicStatus: topics.statusOf,
    positionOf: topics.positionOf,
    topics,
    events,
    environment,
    getStatus: (): ConnectionStatus => status,
    getHealthScore: (): number => status.healthScore,
    /** Calls back whenever `getStatus` gives another object. */
    onStatus,
    get isConnected() {
      return status.isConnected;
    },
    get isConnecting() {
      return status.isConnecting;
    },
    get reconnectAttempts() {
      return status.reconnectAttempts;
    },
    get nextAttemptAt() {
      return status.nextAttemptAt;
    },
    get connectionError() {
      return status.connectionError;
    },
  };
}
