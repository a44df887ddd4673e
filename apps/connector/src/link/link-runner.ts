import {
  releaseLease,
  type HeldLease as RenewedLease,
  type PbxConfig,
  type TakenLease,
} from '@trunkline/database';
import { isVendor, type Vendor } from '@trunkline/pbx';
import { assertNever, sleep, withDeadline, type Logger } from '@trunkline/service-kit';
import { carryOut, type CommandedLink } from '../commands/carry-out.ts';
import type { HeldLease } from '../lease/held-lease.ts';
import { LinkVoice } from '../words/link-voice.ts';
import { AlarmClock } from './alarm-clock.ts';
import { LinkAnnouncements } from './link-announcements.ts';
import { LinkAttention } from './link-attention.ts';
import { LinkConnection } from './link-connection.ts';
import type { LinkHost } from './link-host.ts';
import { idleLink, type Link, type LinkEffect, type LinkInput, type PhaseName } from './link.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { stepLink, type LinkRules } from './step-link.ts';
import { storeBlock } from './store-block.ts';
import { tellLink } from './tell-link.ts';

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
  readonly #connection: LinkConnection;
  readonly #taken: TakenLease;
  readonly #over = Promise.withResolvers<void>();
  /** Aborts waits that only make sense while the lease is kept. */
  readonly #leaving = new AbortController();
  readonly #inputs: OneAtATime<LinkInput>;
  readonly #alarmClock: AlarmClock;
  #begun = false;
  #commands: AsyncDisposable | null = null;
  #config: PbxConfig;
  #link: Link = idleLink;

  constructor(host: LinkHost, taken: TakenLease, lease: HeldLease) {
    const { config, epoch } = taken;
    this.#host = host;
    this.#taken = taken;
    this.#config = config;
    this.lease = lease;
    this.#logger = host.logger.child({ pbx: config.pbx, name: config.name, epoch });
    this.#inputs = new OneAtATime(
      (input) => this.#take(input),
      (error, { type }) =>
        this.#logger.error({ err: error, input: type }, 'a link could not carry out what was decided'),
    );
    this.#alarmClock = new AlarmClock(host.now, () => this.#inputs.add({ type: 'due', now: host.now() }));
    this.#voice = new LinkVoice({
      lease,
      publisher: host.publisher,
      now: host.now,
      heldMax: host.bounds.heldWordsMax,
      onOverrun: () => this.#connection.overrun(),
      onSaid: (type) => host.events.wordSaid(type),
    });
    this.#connection = new LinkConnection({
      host,
      taken,
      lease,
      voice: this.#voice,
      logger: this.#logger,
      config: () => this.#config,
      vendor: () => this.#vendor(),
      link: () => this.#link,
      report: (input) => this.#inputs.add(input),
    });
    this.#announcements = new LinkAnnouncements(host, lease, this.#voice, this.#logger, () => ({
      link: this.#link,
      connection: this.#connection.open,
      startMark: this.#connection.startMark,
    }));
    this.#attention = new LinkAttention(host, this.#logger, {
      config: () => this.#config,
      phase: () => this.phase,
      credential: () => this.#connection.credential,
      canSnapshot: () => this.#connection.snapshots !== null,
      onSnapshotWanted: (because) => this.wishSnapshot(because),
      onRetryWanted: () => this.#retry(),
      onConfigured: (changed) => this.#configure(changed),
      onCredentialChanged: () => this.#inputs.add({ type: 'configured', now: host.now() }),
    });
  }

  /** Resolves when nothing is done for this link any more. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  heardSomething(): boolean {
    return this.#connection.heardSomething();
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
    this.#inputs.add({ type: 'taken', open, fresh, wanted: config.wanted, failures });
  }

  /** The lease was renewed, and this is what the database knew of the PBX then. */
  renewed(renewed: RenewedLease): void {
    this.#voice.confirmed();
    const { open } = this.#connection;
    if (open !== null) this.#host.events.frames(open);
    if (!this.#leaving.signal.aborted) this.#attention.look(renewed);
  }

  /** Somebody else holds the lease: nothing more is said. */
  loseLease(): void {
    this.lease.lose();
    this.#voice.silence();
    this.#leaving.abort(new Error('the lease was lost'));
    if (this.#begun) this.#inputs.add({ type: 'leaseLost' });
    else void this.#finish();
  }

  /** Gives the link up; resolves when it is over. */
  release(handOver: boolean): Promise<void> {
    this.#leaving.abort(new Error('the link is given up'));
    if (this.#begun) this.#inputs.add({ type: 'release', handOver });
    else void this.#giveBack(handOver);
    return this.over;
  }

  /** Something was lost on the way to the stream. */
  wishSnapshot(because: string): void {
    this.#connection.snapshots?.wish(because);
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
        return this.#connection.begin(effect.attempt);
      case 'windUp':
        return this.#connection.windUp(effect.attempt);
      case 'sayConnected':
        return this.#announcements.sayConnected(this.#leaving.signal);
      case 'sayDisconnected':
        return this.#announcements.sayDisconnected(effect);
      case 'follow':
        return this.#connection.follow(effect.attempt);
      case 'wakeAt':
        return this.#alarmClock.wakeAt(effect.at);
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

  #checkLease(): void {
    void this.#host.proveLeases().then(
      () => {
        if (!this.lease.isLost) this.#inputs.add({ type: 'leaseConfirmed', now: this.#host.now() });
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

  #retry(): void {
    this.#connection.snapshots?.hurry();
    this.#inputs.add({ type: 'retry', now: this.#host.now() });
  }

  #configure(config: PbxConfig): void {
    this.#config = config;
    this.#inputs.add(config.wanted ? { type: 'configured', now: this.#host.now() } : { type: 'unwanted' });
  }

  #commanded(): CommandedLink {
    const { phase, reason } = this.#link;
    const { open, snapshots } = this.#connection;
    const isProven = this.lease.isValidAt(this.#host.now());
    if (phase.name === 'live' && open !== null && snapshots !== null && isProven)
      return { live: true, connection: open, snapshots };
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
    this.#alarmClock.stop();
    await this.#commands?.[Symbol.asyncDispose]();
    await this.#connection.settled();
    this.#over.resolve();
  }
}
