export * from './credentials/index.ts';
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
export { pbxSettings } from './target/pbx-settings.ts';
export { readAddress } from './target/read-address.ts';
export { readOptions } from './target/read-options.ts';
export { readTarget, type EnteredPbx } from './target/read-target.ts';
export { readTrust, writeTrust } from './target/read-trust.ts';
export { readVendor } from './target/read-vendor.ts';
export { TargetError } from './target/target-error.ts';
export { adapters } from './adapters.ts';
export {
  openRecording,
  type OpenedRecording,
  type OpenRecordingContext,
} from './recordings/open-recording.ts';
export { createSessionStore, type SessionStoreOptions } from './session/session-store.ts';
