import { blockedForMs, credentialFailures, type Database, type PbxConfig } from '@trunkline/database';
import {
  CredentialError,
  credentialMark,
  readTarget,
  TargetError,
  type Credentials,
  type PbxAdapter,
  type PbxTarget,
  type Vendor,
} from '@trunkline/pbx';
import { withDeadline } from '@trunkline/service-kit';
import type { AttemptFault } from '../policy/attempt-fault.ts';

export type Adapters = Readonly<Partial<Record<Vendor, PbxAdapter>>>;

export interface Preparation {
  readonly database: Pick<Database, 'run'>;
  readonly credentials: Credentials;
  readonly adapters: Adapters;
  readonly egress: string;
  readonly credentialFailuresMax: number;
}

export type Prepared =
  | {
      readonly kind: 'ready';
      readonly adapter: PbxAdapter;
      readonly target: PbxTarget;
      /** Of the credential, for the budget. */
      readonly mark: string;
      readonly refusedBefore: number;
    }
  | { readonly kind: 'blocked'; readonly forMs: number }
  | {
      readonly kind: 'faulty';
      readonly fault: AttemptFault;
      readonly message: string;
      readonly refusedBefore: number;
      readonly target?: PbxTarget;
    };

const askMs = 5_000;

/**
 * Everything that is settled before a PBX is asked: what was entered for it, user and secret, and whether a login is
 * allowed at all, by the block of our address and the budget of refused logins. Never rejects, and asks no PBX.
 */
export async function prepareAttempt(config: PbxConfig, preparation: Preparation): Promise<Prepared> {
  const { database, adapters, egress, credentialFailuresMax } = preparation;
  try {
    const target = await readTarget(config, preparation.credentials);
    const adapter = adapters[target.vendor];
    if (adapter === undefined)
      return faulty('unconfigured', `This version has no adapter for ${target.vendor}.`);
    const mark = await credentialMark(config.credential ?? '', target.credential);
    const asking = database.run(async (transaction) => ({
      blockedMs: await blockedForMs(transaction, config.pbx, egress),
      refused: await credentialFailures(transaction, config.pbx, mark),
    }));
    const { blockedMs, refused } = await withDeadline(asking, askMs, 'asking for blocks');
    if (blockedMs !== null) return { kind: 'blocked', forMs: blockedMs };
    if (refused >= credentialFailuresMax) {
      const message = `The PBX refused the login ${refused} times in a row.`;
      return { kind: 'faulty', fault: { kind: 'credentials' }, message, refusedBefore: refused, target };
    }
    return { kind: 'ready', adapter, target, mark, refusedBefore: refused };
  } catch (error) {
    if (error instanceof CredentialError || error instanceof TargetError)
      return faulty('unconfigured', error.message);
    return faulty('unprepared', `Our own database does not answer: ${messageOf(error)}`);
  }
}

const faulty = (kind: 'unconfigured' | 'unprepared', message: string): Prepared => ({
  kind: 'faulty',
  fault: { kind },
  message,
  refusedBefore: 0,
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
