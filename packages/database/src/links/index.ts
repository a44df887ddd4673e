export { block, blockedForMs, liftBlocks, type BlockedAddress } from './blocks.ts';
export {
  clearCredentialFailures,
  countCredentialFailure,
  credentialFailures,
  takeRetryWish,
  wantRetry,
} from './credential-budget.ts';
export {
  otherReplicas,
  readSpread,
  releaseLease,
  removeReplica,
  renewLeases,
  takeLeases,
  type HeldLease,
  type Lease,
  type LeaseTerms,
  type Replica,
  type Spread,
  type TakenLease,
} from './leases.ts';
export { readPbxConfig, type PbxConfig } from './pbx-config.ts';
export { listPbxs, showPbx, type ListedPbx, type PbxFilter } from './list-pbxs.ts';
export { addPbx, correctPbx, enablePbx, removePbx, UnknownTenantError, type NewPbx } from './pbxs.ts';
export { takeSnapshotWish, wantSnapshot } from './snapshot-wishes.ts';
export { storeLink, storeSnapshotTime, type LinkRecord } from './store-link.ts';
export { addTenant, listTenants, type ListedTenant } from './tenants.ts';
export { linkGroup, storeUnreadableWords, type UnreadableWord } from './unreadable-words.ts';
