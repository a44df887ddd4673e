import type { TenantId } from '@trunkline/domain';
import type { Scope } from './scopes.ts';

/** Who speaks, as far as it was proven. */
export interface Principal {
  readonly tenant: TenantId;
  /** Unique within the tenant only. */
  readonly user: string;
  readonly scopes: ReadonlySet<Scope>;
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** The token's own name, if it has one; what a single token is revoked by. */
  readonly tokenId: string | null;
  /** When it was made, in milliseconds since 1970; revoking a user ends what was made before. */
  readonly issuedAt: number;
}
