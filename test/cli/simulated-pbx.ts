import { CliLab, type Ran, type RunOptions } from '@trunkline/cli/testing';
import { enablePbx } from '@trunkline/database';
import { createSimulator, type Simulator, type SimulatorOptions } from '@trunkline/pbx-simulator';
import { createLogger } from '@trunkline/service-kit';

export const logger = createLogger({ name: 'cli-test', level: 'silent', redactPhoneNumbers: true });
export const credential = { username: 'sim', secret: 'only this test knows it' };

/** A PBX on real sockets and the command line with a database of its own; both end with the test. */
export class SimulatedPbx implements AsyncDisposable {
  readonly lab: CliLab;
  readonly simulator: Simulator;
  readonly #stack: AsyncDisposableStack;

  private constructor(lab: CliLab, simulator: Simulator, stack: AsyncDisposableStack) {
    this.lab = lab;
    this.simulator = simulator;
    this.#stack = stack;
  }

  static async open(
    dialect: SimulatorOptions['dialect'] = 'yeastar',
    options: Partial<SimulatorOptions> = {},
  ): Promise<SimulatedPbx> {
    await using stack = new AsyncDisposableStack();
    const lab = stack.use(await CliLab.open());
    // The one that the lab comes with lies nowhere.
    await lab.database.run((tx) => enablePbx(tx, lab.pbx, false));
    const about = { dialect, logger, credential, extensions: 4, ...options };
    const simulator = stack.use(await createSimulator(about));
    return new SimulatedPbx(lab, simulator, stack.move());
  }

  get trust(): string {
    return `sha256:${this.simulator.certificate?.sha256 ?? ''}`;
  }

  /** `pbx add`, as an operator would type it, with what is given instead. */
  add(changes: Readonly<Record<string, string>> = {}, secret = credential.secret): Promise<Ran> {
    const { address, dialect: vendor } = this.simulator;
    const options = { vendor, address, credential: 'sim', trust: this.trust, ...changes };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    return this.run(['pbx', 'add', 'Branch', ...words], {
      env: { TRUNKLINE_PBX_SIM_USERNAME: credential.username, TRUNKLINE_PBX_SIM_SECRET: secret },
    });
  }

  run(args: readonly string[], options?: RunOptions): Promise<Ran> {
    return this.lab.run(args, options);
  }

  /** What the operator sees of it; nothing where it was not even written down. */
  async shown(): Promise<Shown | undefined> {
    const listed = await this.lab.json<(Shown & { name: string })[]>('pbx', 'list');
    return listed.find(({ name }) => name === 'Branch');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

export interface Shown {
  readonly id: string;
  readonly enabled: boolean;
  readonly link: {
    readonly state: string;
    readonly credentialFailures: number;
    readonly epoch: number;
    readonly blocks: readonly { readonly egress: string }[];
  };
}
