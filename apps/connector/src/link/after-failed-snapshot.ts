import type { PbxConfig } from '@trunkline/database';
import { LinkError, type Vendor } from '@trunkline/pbx';
import type { Logger } from '@trunkline/service-kit';
import { judgeFault } from '../policy/judge-fault.ts';
import { countRefusedLogin } from './attempt.ts';
import type { LinkHost } from './link-host.ts';
import { storeBlock } from './store-block.ts';

export interface FailedSnapshot {
  readonly config: PbxConfig;
  readonly vendor: Vendor;
  /** Of the credential that is in use. */
  readonly mark: string | null;
  readonly failures: number;
}

/**
 * A snapshot may find out what a login would, and is then as bad as that, though the socket may still be well: refused
 * credentials count against the budget, a block is told to all. Returns the least wait before the next snapshot.
 */
export async function afterFailedSnapshot(
  host: LinkHost,
  { config, vendor, mark, failures }: FailedSnapshot,
  error: Error,
  logger: Logger,
): Promise<number> {
  if (!(error instanceof LinkError)) return 0;
  const { fault, message } = error;
  if (fault.kind === 'credentials' && mark !== null) {
    const refused = await countRefusedLogin(host, config, mark, 0, logger);
    return refused >= host.limits.credentialFailuresMax ? Number.POSITIVE_INFINITY : host.limits.attentionMs;
  }
  if (fault.kind !== 'blocked') return 0;
  const chance = { wallNow: host.wallNow(), random: host.random() };
  const verdict = judgeFault({ vendor, fault, failures, credentialFailures: 0, ...chance }, host.limits);
  if (verdict.kind !== 'block') return 0;
  void storeBlock(host, { pbx: config.pbx, forMs: verdict.forMs, reason: message }, logger);
  return verdict.forMs;
}
