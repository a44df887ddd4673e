export type {
  ConnectContext,
  ConnectPhase,
  LinkTiming,
  Liveness,
  OriginateRequest,
  Originated,
  PbxAdapter,
  PbxConnection,
  PbxIdentity,
  SessionStore,
  Tally,
} from './port/connection.ts';
export { LinkError, RefusalError, type FaultKind, type LinkFault } from './port/fault.ts';
export { isVendor, vendors } from './port/target.ts';
export type { Credential, PbxOptions, PbxTarget, Trust, Vendor } from './port/target.ts';
export type { EventPayload, PbxSnapshot, Said, SaidType, Unreadable, Word } from './port/words.ts';
