import {
  readPbxConfig,
  takeRetryWish,
  takeSnapshotWish,
  type HeldLease as RenewedLease,
  type PbxConfig,
} from '@trunkline/database';
import type { Credential } from '@trunkline/pbx';
import type { Logger } from '@trunkline/service-kit';
import type { LinkHost } from './link-host.ts';
import type { PhaseName } from './link.ts';

/** What a link makes of what others want of it. */
export interface Attended {
  readonly config: () => PbxConfig;
  readonly phase: () => PhaseName;
  /** Of the last attempt. */
  readonly credential: () => Credential | null;
  /** Whether anybody could take a snapshot just now; a wish that nobody can fulfil stays where it is. */
  readonly canSnapshot: () => boolean;
  readonly onSnapshotWanted: (because: string) => void;
  readonly onRetryWanted: () => void;
  readonly onConfigured: (config: PbxConfig) => void;
  readonly onCredentialChanged: () => void;
}

/** Looks, with each renewal of the lease, after what operators and other services left for a link in the database. */
export class LinkAttention {
  readonly #host: LinkHost;
  readonly #logger: Logger;
  readonly #attended: Attended;
  #busy = false;
  #credentialLookAt = 0;

  constructor(host: LinkHost, logger: Logger, attended: Attended) {
    this.#host = host;
    this.#logger = logger;
    this.#attended = attended;
  }

  /** One look at a time; what is missed is seen at the next renewal. */
  look(renewed: RenewedLease): void {
    if (this.#busy) return;
    this.#busy = true;
    void this.#look(renewed)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'wishes for this link could not be read'))
      .finally(() => {
        this.#busy = false;
      });
  }

  async #look({ pbx, snapshotWanted, retryWanted, configMark }: RenewedLease): Promise<void> {
    const { database } = this.#host;
    const attended = this.#attended;
    if (snapshotWanted && attended.canSnapshot()) {
      const because = await database.run((tx) => takeSnapshotWish(tx, pbx));
      if (because !== null) attended.onSnapshotWanted(because);
    }
    if (retryWanted && (await database.run((tx) => takeRetryWish(tx, pbx)))) {
      this.#logger.info('an operator wants another try');
      attended.onRetryWanted();
    }
    if (configMark !== attended.config().mark) {
      const config = await database.run((tx) => readPbxConfig(tx, pbx));
      if (config !== null && config.mark !== attended.config().mark) attended.onConfigured(config);
    }
    if (attended.phase() === 'refused') await this.#lookForAnotherCredential();
  }

  /** A secret may be mounted anew without a word to anybody. */
  async #lookForAnotherCredential(): Promise<void> {
    const { now, bounds, credentials } = this.#host;
    if (now() < this.#credentialLookAt) return;
    this.#credentialLookAt = now() + bounds.credentialLookMs;
    const tried = this.#attended.credential();
    const found = await credentials.find(this.#attended.config().credential ?? '').catch(() => null);
    if (found === null || tried === null) return;
    if (found.username === tried.username && found.secret === tried.secret) return;
    this.#logger.info('the credential was changed');
    this.#attended.onCredentialChanged();
  }
}
