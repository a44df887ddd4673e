import {
  clearCredentialFailures,
  releaseLease,
  storeSnapshotTime,
  takeSnapshotWish,
  type HeldLease as RenewedLease,
  type PbxConfig,
  type TakenLease,
} from '@trunkline/database';
import { shardOf } from '@trunkline/event-stream';
import { isVendor, type PbxConnection, type Vendor } from '@trunkline/pbx';
import { assertNever, sleep, withDeadline, type Logger } from '@trunkline/service-kit';
import { carryOut, type CommandedLink } from '../commands/carry-out.ts';
import type { HeldLease } from '../lease/held-lease.ts';
import { LinkVoice } from '../words/link-voice.ts';
import { UnreadableWords } from '../words/unreadable-words.ts';
import { afterFailedSnapshot } from './after-failed-snapshot.ts';
import { Attempt } from './attempt.ts';
import { Follower } from './follower.ts';
import { LinkAnnouncements } from './link-announcements.ts';
import { LinkAttention } from './link-attention.ts';
import { heardUntil } from './heard-until.ts';
import type { LinkHost } from './link-host.ts';
import { idleLink, type Link, type LinkEffect, type LinkInput, type PhaseName } from './link.ts';
import { stepLink, type LinkRules } from './step-link.ts';
import { storeBlock } from './store-block.ts';
import { seconds, tellLink } from './tell-link.ts';

/**
 * One link for the time of one lease: carries out what `stepLink` decides and reports what happens. Inputs are taken
 * one at a time, and all effects of one are begun, and where their order matters done, before the next is looked at.
 */
export class LinkRunner {
  readonly lease: HeldLease;
  readonly #host: LinkHost;
  readonly #logger: Logger;
  readonly #voice: LinkVoice;
  readonly #announcements: LinkAnnouncements;
  readonly #attention: LinkAttention;
  readonly #unreadable: UnreadableWords;
  readonly #taken: TakenLease;
  readonly #over = Promise.withResolvers<void>();
  /** Aborts waits that only make sense while the lease is kept. */
  readonly #leaving = new AbortController();
  readonly #inputs: LinkInput[] = [];
  #begun = false;
  #commands: AsyncDisposable | null = null;
  #config: PbxConfig;
  #link: Link = idleLink;
  #draining = false;
  #attempt: Attempt | null = null;
  #connection: PbxConnection | null = null;
  #follower: Follower | null = null;
  #timer: NodeJS.Timeout | null = null;
  #heardUntil: number | null;
  #startMark: string | null;
  #mark: string | null = null;

  constructor(host: LinkHost, taken: TakenLease, lease: HeldLease) {
    const { config, epoch } = taken;
    this.#host = host;
    this.#taken = taken;
    this.#config = config;
    this.lease = lease;
    this.#logger = host.logger.child({ pbx: config.pbx, name: config.name, epoch });
    this.#heardUntil = heardUntil(taken, host);
    this.#startMark = taken.startMark;
    this.#voice = new LinkVoice({
      lease,
      publisher: host.publisher,
      now: host.now,
      heldMax: host.bounds.heldWordsMax,
      onOverrun: () => this.#overrun(),
      onSaid: (type) => host.events.wordSaid(type),
    });
    const { database } = host;
    const shard = shardOf(config.pbx, host.shards);
    this.#unreadable = new UnreadableWords({ database, lease, shard, logger: this.#logger });
    this.#announcements = new LinkAnnouncements(host, lease, this.#voice, this.#logger, () => ({
      link: this.#link,
      connection: this.#connection,
      startMark: this.#startMark,
    }));
    this.#attention = new LinkAttention(host, this.#logger, {
      config: () => this.#config,
      phase: () => this.phase,
      credential: () => this.#attempt?.credential ?? null,
      canSnapshot: () => this.#follower !== null,
      onSnapshotWanted: (because) => this.wishSnapshot(because),
      onRetryWanted: () => this.#retry(),
      onConfigured: (changed) => this.#configure(changed),
      onCredentialChanged: () => this.#input({ type: 'configured', now: host.now() }),
    });
  }

  /** Resolves when nothing is done for this link any more. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get phase(): PhaseName {
    return this.#link.phase.name;
  }

  start(): void {
    if (this.#leaving.signal.aborted) return;
    this.#begun = true;
    const { open, handedOverMsAgo, failures } = this.#taken;
    const config = this.#config;
    const fresh = handedOverMsAgo !== null && handedOverMsAgo < this.#host.bounds.handOverMs;
    if (config.wanted)
      this.#commands = this.#host.commandServer.serveCommands(config.pbx, async (command, context) => {
        const outcome = await carryOut(this.#commanded(), command, context);
        this.#host.events.command(command.kind, outcome.ok ? 'done' : outcome.problem);
        return outcome;
      });
    this.#input({ type: 'taken', open, fresh, wanted: config.wanted, failures });
  }

  /** The lease was renewed, and this is what the database knew of the PBX then. */
  renewed(renewed: RenewedLease): void {
    this.#voice.confirmed();
    if (this.#connection !== null) this.#host.events.frames(this.#connection);
    if (!this.#leaving.signal.aborted) this.#attention.look(renewed);
  }

  /** Somebody else holds the lease: nothing more is said. */
  loseLease(): void {
    this.lease.lose();
    this.#voice.silence();
    this.#leaving.abort(new Error('the lease was lost'));
    if (this.#begun) this.#input({ type: 'leaseLost' });
    else void this.#finish();
  }

  /** Gives the link up; resolves when it is over. */
  release(handOver: boolean): Promise<void> {
    this.#leaving.abort(new Error('the link is given up'));
    if (this.#begun) this.#input({ type: 'release', handOver });
    else void this.#giveBack(handOver);
    return this.over;
  }

  /** Something was lost on the way to the stream. */
  wishSnapshot(because: string): void {
    this.#follower?.snapshots.wish(because);
  }

  #input(input: LinkInput): void {
    this.#inputs.push(input);
    if (this.#draining) return;
    this.#draining = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) {
      try {
        await this.#take(input);
      } catch (error) {
        this.#logger.error({ err: error, input: input.type }, 'a link could not carry out what was decided');
      }
    }
    this.#draining = false;
  }

  async #take(input: LinkInput): Promise<void> {
    const before = this.#link;
    const rules: LinkRules = {
      vendor: this.#vendor(),
      limits: this.#host.limits,
      leaseCheckMs: this.#host.bounds.windUpMs,
    };
    const { link, effects } = stepLink(rules, before, input);
    this.#link = link;
    tellLink(this.#logger, this.#told(), { before, input, after: link, effects });
    for (const effect of effects) await this.#perform(effect);
    // Afterwards, so that nobody reads of a block before it stands where everybody looks for it.
    if (link !== before) this.#announcements.save();
  }

  /** A vendor that nobody knows waits by the gentler rules until somebody corrects it. */
  #vendor(): Vendor {
    return isVendor(this.#config.vendor) ? this.#config.vendor : 'yeastar';
  }

  #told() {
    const { name, address } = this.#config;
    const host = URL.parse(address ?? '')?.host ?? 'an address that can not be read';
    return { name, host, now: this.#host.now(), heartbeatEveryMs: this.#host.timing.heartbeatEveryMs };
  }

  async #perform(effect: LinkEffect): Promise<void> {
    switch (effect.type) {
      case 'connect':
        return this.#connect(effect.attempt);
      case 'windUp':
        return this.#windUp(effect.attempt);
      case 'sayConnected':
        return this.#announcements.sayConnected(this.#leaving.signal);
      case 'sayDisconnected':
        return this.#announcements.sayDisconnected(effect);
      case 'follow':
        return this.#follow(effect.attempt);
      case 'wakeAt':
        return this.#wakeAt(effect.at);
      case 'checkLease':
        return this.#checkLease();
      case 'block':
        return this.#storeBlockFirst(effect.forMs, effect.reason);
      case 'release':
        return this.#giveBack(effect.handOver);
      case 'forget':
        return this.#finish();
      default:
        return assertNever(effect, 'link effect');
    }
  }

  #connect(number: number): void {
    if (number > 1) this.#host.events.reconnecting();
    const at = () => ({ attempt: number, now: this.#host.now() });
    const attempt = new Attempt(this.#host, this.#config, this.#logger, {
      phase: (phase) => this.#input({ type: 'phase', attempt: number, phase }),
      heldBack: (forMs) => this.#input({ type: 'heldBack', ...at(), forMs }),
      failed: (fault, message, credentialFailures) => {
        this.#host.events.attemptFailed(fault.kind);
        this.#input({ type: 'failed', ...at(), ...this.#chance(), fault, message, credentialFailures });
      },
      connected: (connection, mark, refusedBefore) => {
        this.#connection = connection;
        this.#mark = mark;
        if (refusedBefore > 0) void this.#clearRefusals();
        this.#input({ type: 'connected', ...at(), restarted: this.#identify(connection) });
      },
    });
    this.#attempt = attempt;
    attempt.begin();
  }

  #chance() {
    return { wallNow: this.#host.wallNow(), random: this.#host.random() };
  }

  /** Whether the PBX was started since it was last known, as far as it tells. */
  #identify({ identity: { product, startMark, warnings } }: PbxConnection): boolean {
    const restarted = startMark !== null && this.#startMark !== null && startMark !== this.#startMark;
    if (restarted) this.#logger.warn('the PBX was restarted since the link was last up');
    if (product !== null) this.#logger.info(`the PBX is a ${product}`);
    for (const warning of warnings) this.#logger.warn(`to be set up on the PBX: ${warning}`);
    this.#startMark = startMark ?? this.#startMark;
    return restarted;
  }

  #windUp(attempt: number): void {
    this.#follower?.stop();
    this.#follower = null;
    const ending = this.#attempt;
    const connection = this.#connection;
    this.#connection = null;
    void ending?.windUp().then(() => {
      if (connection !== null) this.#host.events.frames(connection);
      this.#input({ type: 'wound', attempt, now: this.#host.now() });
    });
  }

  async #follow(attempt: number): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    const host = this.#host;
    // The wishes made until now are fulfilled by the first snapshot, and those made while it is taken are not.
    const taking = host.database.run((tx) => takeSnapshotWish(tx, this.#config.pbx));
    await withDeadline(taking, host.bounds.lastWordsMs, 'taking the wish for a snapshot').catch(
      () => undefined,
    );
    this.#follower = new Follower({
      host,
      connection,
      voice: this.#voice,
      unreadable: this.#unreadable,
      logger: this.#logger,
      heardUntil: this.#heardUntil,
      onEnded: ({ fault, message }) => {
        this.#heardUntil = host.wallNow();
        host.events.linkLost(fault.kind);
        this.#input({ type: 'ended', attempt, now: host.now(), ...this.#chance(), fault, message });
      },
      onSnapshot: ({ calls, extensions }, tookMs) => {
        host.events.snapshotPublished(tookMs / 1000);
        const phones = extensions === null ? 'phones not listed' : `${extensions} phones`;
        this.#logger.info(`published link.snapshot: ${calls} calls, ${phones}, in ${seconds(tookMs)}`);
        void this.#storeSnapshotTime();
        this.#input({ type: 'snapshotPublished', attempt });
      },
      onSnapshotFailed: (error) => this.#snapshotFailed(attempt, error),
    });
    this.#follower.begin();
  }

  async #snapshotFailed(attempt: number, error: Error): Promise<number> {
    this.#host.events.snapshotFailed();
    this.#logger.warn({ err: error }, `the snapshot failed: ${error.message}`);
    this.#input({ type: 'snapshotFailed', attempt, message: error.message });
    const failed = {
      config: this.#config,
      vendor: this.#vendor(),
      mark: this.#mark,
      failures: this.#link.failures,
    };
    return afterFailedSnapshot(this.#host, failed, error, this.#logger);
  }

  #overrun(): void {
    const message = 'More was said than could be kept while nobody knew whether the lease was still ours.';
    const { attempt } = this.#link;
    this.#input({
      type: 'ended',
      attempt,
      now: this.#host.now(),
      ...this.#chance(),
      fault: { kind: 'overrun' },
      message,
    });
  }

  #wakeAt(at: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const delayMs = Math.min(Math.max(0, at - this.#host.now()), timerMsMax);
    // A timer may fire a fraction early; the decision compares times, so it is asked again then.
    this.#timer = setTimeout(() => this.#input({ type: 'due', now: this.#host.now() }), Math.ceil(delayMs));
  }

  #checkLease(): void {
    void this.#host.proveLeases().then(
      () => {
        if (!this.lease.isLost) this.#input({ type: 'leaseConfirmed', now: this.#host.now() });
      },
      (error: unknown) =>
        this.#logger.warn({ err: error }, 'the lease could not be proven; it is asked again'),
    );
  }

  /** Before anything else happens to the link, so that no successor logs in; for no longer than that makes sense. */
  async #storeBlockFirst(forMs: number, reason: string): Promise<void> {
    const storing = storeBlock(this.#host, { pbx: this.#config.pbx, forMs, reason }, this.#logger);
    await Promise.race([storing, sleep(this.#host.bounds.lastWordsMs)]);
  }

  async #clearRefusals(): Promise<void> {
    await this.#host.database
      .run((tx) => clearCredentialFailures(tx, this.#config.pbx))
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'refused logins could not be forgotten'));
  }

  async #storeSnapshotTime(): Promise<void> {
    try {
      const messages = await this.#host.database.run((tx) => storeSnapshotTime(tx, this.lease));
      await this.#host.relay(messages);
    } catch (error) {
      this.#logger.debug({ err: error }, 'the time of the snapshot was not stored or not told');
    }
  }

  #retry(): void {
    this.#follower?.snapshots.hurry();
    this.#input({ type: 'retry', now: this.#host.now() });
  }

  #configure(config: PbxConfig): void {
    this.#config = config;
    this.#input(config.wanted ? { type: 'configured', now: this.#host.now() } : { type: 'unwanted' });
  }

  #commanded(): CommandedLink {
    const { phase, reason } = this.#link;
    const isProven = this.lease.isValidAt(this.#host.now());
    if (phase.name === 'live' && this.#connection !== null && this.#follower !== null && isProven)
      return { live: true, connection: this.#connection, snapshots: this.#follower.snapshots };
    return { live: false, state: reason === null ? phase.name : `${phase.name} (${reason})` };
  }

  async #giveBack(handOver: boolean): Promise<void> {
    await this.#announcements.settled();
    const { lastWordsMs } = this.#host.bounds;
    const giving = this.#host.database.run((tx) => releaseLease(tx, this.lease, { handOver }));
    await withDeadline(giving, lastWordsMs, 'giving the lease back').catch((error: unknown) =>
      this.#logger.warn({ err: error }, 'the lease could not be given back; it runs out'),
    );
    await this.#finish();
  }

  async #finish(): Promise<void> {
    this.lease.lose();
    this.#leaving.abort(new Error('the lease was given up'));
    this.#voice.silence();
    this.#announcements.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#commands?.[Symbol.asyncDispose]();
    await this.#unreadable.settled();
    this.#over.resolve();
  }
}

const timerMsMax = 2 ** 31 - 1;
