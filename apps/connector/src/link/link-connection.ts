import {
  clearCredentialFailures,
  storeSnapshotTime,
  takeSnapshotWish,
  type PbxConfig,
  type TakenLease,
} from '@trunkline/database';
import { shardOf } from '@trunkline/event-stream';
import type { Credential, PbxConnection, Vendor } from '@trunkline/pbx';
import { withDeadline, type Logger } from '@trunkline/service-kit';
import type { HeldLease } from '../lease/held-lease.ts';
import type { SnapshotKeeper } from '../snapshots/snapshot-keeper.ts';
import type { LinkVoice } from '../words/link-voice.ts';
import { UnreadableWords } from '../words/unreadable-words.ts';
import { afterFailedSnapshot } from './after-failed-snapshot.ts';
import { Attempt } from './attempt.ts';
import { Follower } from './follower.ts';
import { heardUntil } from './heard-until.ts';
import type { LinkHost } from './link-host.ts';
import type { Link, LinkInput } from './link.ts';
import { seconds } from './tell-link.ts';

export interface LinkConnectionOptions {
  readonly host: LinkHost;
  readonly taken: TakenLease;
  readonly lease: HeldLease;
  readonly voice: LinkVoice;
  readonly logger: Logger;
  readonly config: () => PbxConfig;
  readonly vendor: () => Vendor;
  readonly link: () => Link;
  /** Hears what becomes of it. */
  readonly report: (input: LinkInput) => void;
}

/**
 * What is open to the PBX, or being opened: an attempt, the connection that comes of it, and whoever reads that. It does
 * as it is told and reports what happens; what follows from that is decided elsewhere.
 */
export class LinkConnection {
  readonly #options: LinkConnectionOptions;
  readonly #unreadable: UnreadableWords;
  #attempt: Attempt | null = null;
  #connection: PbxConnection | null = null;
  #follower: Follower | null = null;
  #heardUntil: number | null;
  #startMark: string | null;
  /** How much was heard of which connection when somebody last asked. */
  #heard: { readonly of: PbxConnection | null; readonly frames: number } = { of: null, frames: 0 };
  /** Of the credential that the connection was made with. */
  #mark: string | null = null;

  constructor(options: LinkConnectionOptions) {
    const { taken, host, lease, logger } = options;
    this.#options = options;
    const shard = shardOf(lease.pbx, host.shards);
    this.#unreadable = new UnreadableWords({ database: host.database, lease, shard, logger });
    this.#heardUntil = heardUntil(taken, host);
    this.#startMark = taken.startMark;
  }

  get open(): PbxConnection | null {
    return this.#connection;
  }

  /** Whether anything came since this was last asked: a heartbeat counts as a call does. */
  heardSomething(): boolean {
    const before = this.#heard;
    const connection = this.#connection;
    this.#heard = { of: connection, frames: connection?.tally.frames ?? 0 };
    return this.#heard.frames > (before.of === connection ? before.frames : 0);
  }

  /** What was tried last, so that another one can be told from it. */
  get credential(): Credential | null {
    return this.#attempt?.credential ?? null;
  }

  /** Null while nobody reads the connection. */
  get snapshots(): SnapshotKeeper | null {
    return this.#follower?.snapshots ?? null;
  }

  get startMark(): string | null {
    return this.#startMark;
  }

  begin(number: number): void {
    const { host, config, logger, report } = this.#options;
    if (number > 1) host.events.reconnecting();
    const at = () => ({ attempt: number, now: host.now() });
    const attempt = new Attempt(host, config(), logger, {
      phase: (phase) => report({ type: 'phase', attempt: number, phase }),
      heldBack: (forMs) => report({ type: 'heldBack', ...at(), forMs }),
      failed: (fault, message, credentialFailures) => {
        host.events.attemptFailed(fault.kind);
        report({ type: 'failed', ...at(), ...this.#chance(), fault, message, credentialFailures });
      },
      connected: (connection, mark, refusedBefore) => {
        this.#connection = connection;
        this.#mark = mark;
        if (refusedBefore > 0) void this.#clearRefusals();
        report({ type: 'connected', ...at(), restarted: this.#identify(connection) });
      },
    });
    this.#attempt = attempt;
    attempt.begin();
  }

  async follow(attempt: number): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    const { host, config, voice, logger, report } = this.#options;
    // The wishes made until now are fulfilled by the first snapshot, and those made while it is taken are not.
    const taking = host.database.run((tx) => takeSnapshotWish(tx, config().pbx));
    await withDeadline(taking, host.bounds.lastWordsMs, 'taking the wish for a snapshot').catch(
      () => undefined,
    );
    this.#follower = new Follower({
      host,
      connection,
      voice,
      unreadable: this.#unreadable,
      logger,
      heardUntil: this.#heardUntil,
      onEnded: ({ fault, message }) => {
        this.#heardUntil = host.wallNow();
        host.events.linkLost(fault.kind);
        report({ type: 'ended', attempt, now: host.now(), ...this.#chance(), fault, message });
      },
      onSnapshot: ({ calls, extensions }, tookMs) => {
        host.events.snapshotPublished(tookMs / 1000);
        const phones = extensions === null ? 'phones not listed' : `${extensions} phones`;
        logger.info(`published link.snapshot: ${calls} calls, ${phones}, in ${seconds(tookMs)}`);
        void this.#storeSnapshotTime();
        report({ type: 'snapshotPublished', attempt });
      },
      onSnapshotFailed: (error) => this.#snapshotFailed(attempt, error),
    });
    this.#follower.begin();
  }

  /** More was said than could be kept. */
  overrun(): void {
    const { host, link, report } = this.#options;
    const message = 'More was said than could be kept while nobody knew whether the lease was still ours.';
    const { attempt } = link();
    const fault = { kind: 'overrun' } as const;
    report({ type: 'ended', attempt, now: host.now(), ...this.#chance(), fault, message });
  }

  windUp(attempt: number): void {
    const { host, report } = this.#options;
    this.#follower?.stop();
    this.#follower = null;
    const ending = this.#attempt;
    const connection = this.#connection;
    this.#connection = null;
    void ending?.windUp().then(() => {
      if (connection !== null) host.events.frames(connection);
      report({ type: 'wound', attempt, now: host.now() });
    });
  }

  /** Resolves when what could not be read is stored. */
  settled(): Promise<void> {
    return this.#unreadable.settled();
  }

  #chance() {
    const { wallNow, random } = this.#options.host;
    return { wallNow: wallNow(), random: random() };
  }

  /** Whether the PBX was started since it was last known, as far as it tells. */
  #identify({ identity: { product, startMark, warnings } }: PbxConnection): boolean {
    const { logger } = this.#options;
    const restarted = startMark !== null && this.#startMark !== null && startMark !== this.#startMark;
    if (restarted) logger.warn('the PBX was restarted since the link was last up');
    if (product !== null) logger.info(`the PBX is a ${product}`);
    for (const warning of warnings) logger.warn(`to be set up on the PBX: ${warning}`);
    this.#startMark = startMark ?? this.#startMark;
    return restarted;
  }

  async #snapshotFailed(attempt: number, error: Error): Promise<number> {
    const { host, config, vendor, link, logger, report } = this.#options;
    host.events.snapshotFailed();
    logger.warn({ err: error }, `the snapshot failed: ${error.message}`);
    report({ type: 'snapshotFailed', attempt, message: error.message });
    const { failures } = link();
    const failed = { config: config(), vendor: vendor(), mark: this.#mark, failures };
    return afterFailedSnapshot(host, failed, error, logger);
  }

  async #clearRefusals(): Promise<void> {
    const { host, config, logger } = this.#options;
    await host.database
      .run((tx) => clearCredentialFailures(tx, config().pbx))
      .catch((error: unknown) => logger.warn({ err: error }, 'refused logins could not be forgotten'));
  }

  async #storeSnapshotTime(): Promise<void> {
    const { host, lease, logger } = this.#options;
    try {
      const messages = await host.database.run((tx) => storeSnapshotTime(tx, lease));
      await host.relay(messages);
    } catch (error) {
      logger.debug({ err: error }, 'the time of the snapshot was not stored or not told');
    }
  }
}
