import {
  LinkError,
  type ConnectContext,
  type LinkFault,
  type Liveness,
  type PbxAdapter,
  type PbxConnection,
  type PbxSnapshot,
  type Said,
  type Tally,
  type Vendor,
  type Word,
} from '@trunkline/pbx';

export const fault = (kind: LinkFault['kind'], more: object = {}): LinkError =>
  new LinkError({ kind, ...more } as LinkFault, `Scripted: ${kind}.`);

/**
 * A PBX of a test's own, behind the port and without any socket: it does what the test says and remembers who came.
 * All replicas of a test talk to the same one.
 */
export class ScriptedPbx {
  /** Logins, by when they came (monotonic ms). */
  readonly logins: number[] = [];
  /** What each next login meets; then all go well. */
  readonly refusals: LinkError[] = [];
  /** Connections and attempts that exist at this moment, and the most that ever did. */
  alive = 0;
  aliveMax = 0;
  snapshots = 0;
  snapshot: () => Promise<PbxSnapshot> = () => Promise.resolve({ calls: [], extensions: [] });
  catchUp: ((since: number) => Promise<readonly Said[]>) | null = null;
  isAlive: (call: string) => Promise<Liveness> = () => Promise.resolve('unknown');
  originate: PbxConnection['originate'] = () => Promise.resolve({ call: 'originated' });
  startMark: string | null = null;
  connectMs = 1;
  readonly #connections = new Set<ScriptedConnection>();

  get connections(): readonly ScriptedConnection[] {
    return [...this.#connections];
  }

  /** Says a word on every open connection. */
  say(...words: Word[]): void {
    for (const connection of this.#connections) connection.push(words);
  }

  drop(kind: LinkFault['kind'] = 'unreachable'): void {
    for (const connection of this.#connections) connection.end(fault(kind));
  }

  async connect({ signal, onPhase }: ConnectContext): Promise<PbxConnection> {
    this.#came();
    try {
      onPhase('authenticating');
      this.logins.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, this.connectMs));
      if (signal.aborted) throw fault('closed');
      const refusal = this.refusals.shift();
      if (refusal !== undefined) throw refusal;
      onPhase('connecting');
      onPhase('subscribing');
    } catch (error) {
      this.alive -= 1;
      throw error;
    }
    const connection = new ScriptedConnection(this, () => {
      this.#connections.delete(connection);
      this.alive -= 1;
    });
    this.#connections.add(connection);
    return connection;
  }

  #came(): void {
    this.alive += 1;
    this.aliveMax = Math.max(this.aliveMax, this.alive);
  }
}

export class ScriptedConnection implements PbxConnection {
  readonly #pbx: ScriptedPbx;
  readonly #onGone: () => void;
  readonly #end = Promise.withResolvers<LinkError>();
  readonly #queue: Word[] = [];
  #wake: () => void = () => undefined;
  #ended = false;
  #gone = false;
  readonly tally: Tally = {
    frames: 0,
    replies: 0,
    heartbeats: 0,
    events: 0,
    ignored: 0,
    unknown: 0,
    unreadable: 0,
    bytes: 0,
  };

  constructor(pbx: ScriptedPbx, onGone: () => void) {
    this.#pbx = pbx;
    this.#onGone = onGone;
  }

  get identity() {
    return { product: 'Scripted', serial: null, startMark: this.#pbx.startMark, warnings: [] };
  }

  get ended(): Promise<LinkError> {
    return this.#end.promise;
  }

  push(words: readonly Word[]): void {
    this.tally.frames += words.length;
    this.tally.events += words.length;
    this.#queue.push(...words);
    this.#wake();
  }

  end(error: LinkError): void {
    this.#ended = true;
    this.#end.resolve(error);
    this.#wake();
  }

  async *words(): AsyncIterable<Word> {
    for (;;) {
      const word = this.#queue.shift();
      if (word !== undefined) yield word;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  snapshot(): Promise<PbxSnapshot> {
    this.#pbx.snapshots += 1;
    return this.#ended ? Promise.reject(fault('closed')) : this.#pbx.snapshot();
  }

  get catchUp(): ((since: number) => Promise<readonly Said[]>) | undefined {
    return this.#pbx.catchUp ?? undefined;
  }

  isAlive(call: string): Promise<Liveness> {
    return this.#pbx.isAlive(call);
  }

  originate: PbxConnection['originate'] = (request, signal) => this.#pbx.originate(request, signal);

  hangUp(): Promise<'done' | 'gone'> {
    return Promise.resolve('done');
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end(fault('closed'));
    if (!this.#gone) this.#onGone();
    this.#gone = true;
    return Promise.resolve();
  }
}

/** An adapter that finds the scripted PBX by its id. */
export const scriptedAdapter = (
  vendor: Vendor,
  find: (id: string) => ScriptedPbx | undefined,
): PbxAdapter => ({
  vendor,
  connect(target, context) {
    const pbx = find(target.id);
    return pbx === undefined ? Promise.reject(fault('unreachable')) : pbx.connect(context);
  },
});
