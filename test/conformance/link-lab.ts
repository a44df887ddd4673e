import { randomUUID } from 'node:crypto';
import { readEvent, type LifecycleEvent } from '@trunkline/domain';
import {
  adapters,
  type LinkTiming,
  type PbxConnection,
  type PbxTarget,
  type SessionStore,
} from '@trunkline/pbx';
import { createSimulator, type Simulator, type SimulatorOptions } from '@trunkline/pbx-simulator';
import { createLogger } from '@trunkline/service-kit';
import { heardFrom } from '../support/heard.ts';
import { ledgerDifferences, type Heard, type Tolerance } from '../support/ledger-differences.ts';

export const quickTiming: LinkTiming = {
  dialMs: 2_000,
  answerMs: 2_000,
  heartbeatEveryMs: 300,
  heartbeatAnswerMs: 300,
  snapshotMs: 5_000,
};

type Dialect = SimulatorOptions['dialect'];

/**
 * One simulated PBX and a link to it, without the policies of a connector: who connects, and when, is the test's affair.
 * What is heard passes the domain's door, is merged as the database would, and compared with the simulator's ledger.
 */
export class LinkLab implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly events: LifecycleEvent[] = [];
  readonly unreadable: string[] = [];
  /** When nobody listened. */
  readonly gaps: [number, number][] = [];
  readonly #pbx = randomUUID();
  readonly #session = memorySession();
  #epoch = 0;
  #seq = 0;
  #connection: PbxConnection | null = null;
  #pump: Promise<void> = Promise.resolve();
  #downSince = 0;

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  static async open(dialect: Dialect, options: Partial<SimulatorOptions> = {}): Promise<LinkLab> {
    return new LinkLab(await createSimulator({ dialect, logger, extensions: 8, ...options }));
  }

  /** What the link logged in with. */
  get session(): SessionStore {
    return this.#session;
  }

  get connection(): PbxConnection {
    if (this.#connection === null) throw new Error('The lab is not connected');
    return this.#connection;
  }

  target(changes: Partial<PbxTarget> = {}): PbxTarget {
    const { address, certificate, credential, dialect } = this.simulator;
    return {
      id: this.#pbx,
      vendor: dialect,
      address: new URL(address),
      trust: certificate === null ? { kind: 'public' } : { kind: 'fingerprint', sha256: certificate.sha256 },
      credential,
      // Only AMI needs to be told how files are named; to the others it is nothing.
      options: { recordingPattern: '{linkedid}-{number}.wav' },
      ...changes,
    };
  }

  /** Connects without listening yet. */
  async dial(changes: Partial<PbxTarget> = {}, timing: Partial<LinkTiming> = {}): Promise<PbxConnection> {
    const target = this.target(changes);
    return await adapters[target.vendor].connect(target, {
      signal: AbortSignal.timeout(20_000),
      logger,
      now: Date.now,
      timing: { ...quickTiming, ...timing },
      onPhase: () => undefined,
      session: this.#session,
    });
  }

  /** Connects, takes a snapshot and listens from then on. */
  async connect(timing: Partial<LinkTiming> = {}): Promise<void> {
    const connection = await this.dial({}, timing);
    this.#connection = connection;
    this.#epoch++;
    this.#seq = 0;
    this.#say('link.connected', { at: Date.now() });
    this.#pump = this.#listen(connection);
    await this.snapshot();
    this.gaps.push([this.#downSince, Date.now()]);
  }

  async snapshot(): Promise<void> {
    const asOf = { epoch: this.#epoch, seq: this.#seq };
    const { calls, extensions } = await this.connection.snapshot(AbortSignal.timeout(10_000));
    const listed = extensions === undefined ? {} : { extensions };
    this.#say('link.snapshot', { at: Date.now(), asOf, calls, ...listed });
  }

  /** Waits for the end of the link and tells how it ended; what was open counts as lost, as a connector says it. */
  async lost(): Promise<string> {
    const { fault } = await this.connection.ended;
    await this.#pump;
    this.#downSince = Date.now();
    this.#say('link.disconnected', { at: Date.now(), reason: fault.kind });
    await this.connection[Symbol.asyncDispose]();
    this.#connection = null;
    return fault.kind;
  }

  heard(): Heard {
    return heardFrom(this.events);
  }

  /** The recordings that were told, with their calls. */
  recordings(): { recording: string; call: string | undefined }[] {
    return this.events.flatMap((event) =>
      event.type === 'recording.ready' ? [{ recording: event.recording, call: event.call }] : [],
    );
  }

  differences(tolerance: Tolerance = {}): string[] {
    return ledgerDifferences(this.simulator.control.ledger(), this.heard(), {
      gaps: this.gaps,
      ...tolerance,
    });
  }

  /** Waits until what is heard is what is true. */
  async agrees(tolerance: Tolerance = {}): Promise<void> {
    await until(
      () => this.differences(tolerance),
      `${this.simulator.dialect}: what was heard differs from the ledger`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
    await this.#pump;
    await this.simulator.stop();
  }

  async #listen(connection: PbxConnection): Promise<void> {
    for await (const word of connection.words()) {
      if (word.kind === 'unreadable') this.unreadable.push(word.problem);
      else this.#say(word.type, word.payload);
    }
  }

  #say(type: string, payload: object): void {
    this.#seq++;
    const header = { source: this.#pbx, epoch: this.#epoch, seq: this.#seq, type };
    // As it travels: through text.
    this.events.push(readEvent(header, JSON.parse(JSON.stringify(payload))));
  }
}

const logger = createLogger({ name: 'conformance', level: 'silent', redactPhoneNumbers: true });

function memorySession(): SessionStore {
  let kept: string | null = null;
  return {
    read: () => Promise.resolve(kept),
    write: (text) => {
      kept = text;
      return Promise.resolve();
    },
    clear: () => {
      kept = null;
      return Promise.resolve();
    },
  };
}

const AGREE_WITHIN_MS = 8_000;

export async function until(
  problems: () => readonly string[],
  what: string,
  withinMs = AGREE_WITHIN_MS,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let left = problems(); left.length > 0; left = problems()) {
    if (performance.now() > deadline) throw new Error(`${what}:\n${left.slice(0, 12).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
