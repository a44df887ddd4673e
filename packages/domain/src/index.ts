export { assertNever } from './assert-never.ts';
export type { Answer, Call, CallWord, EndedWord, OpenWord, ShownCall } from './call/call.ts';
export { callSaidByEvent, callSaidBySnapshot } from './call/call-said.ts';
export { callStatuses, openCallStatuses, type CallStatus, type OpenCallStatus } from './call/call-status.ts';
export { mergeCall } from './call/merge-call.ts';
export { directions, type Direction, type Party, type Route } from './call/party.ts';
export { showCall } from './call/show-call.ts';
export {
  eventSchemas,
  isCallEvent,
  isEventType,
  isLinkEventType,
  type CallEvent,
  type EventType,
  type ExtensionEvent,
  type LifecycleEvent,
  type LinkConnected,
  type LinkDisconnected,
  type LinkEvent,
  type LinkSnapshot,
  type RecordingEvent,
} from './events/event.ts';
export { eventCatalogue, partsOfEvents } from './events/event-catalogue.ts';
export { cleanText } from './events/text.ts';
export { EventError, readEvent, type EventHeader } from './events/read-event.ts';
export {
  mergeExtension,
  showExtension,
  type Extension,
  type ExtensionWord,
  type ShownExtension,
} from './extension/extension.ts';
export { extensionStatuses, isEngaged, type ExtensionStatus } from './extension/extension-status.ts';
export { compareFloors, lowestFloorAbove, type Floor, type FloorCause } from './floor/floor.ts';
export { floorOfDisconnect, floorOfSnapshot, standingOf } from './floor/floor-said.ts';
export {
  hangupCauses,
  ownCauses,
  saidCauses,
  type HangupCause,
  type SaidCause,
} from './hangup-cause/hangup-cause.ts';
export {
  causeFromDisposition,
  causeFromQ850,
  causeFromReason,
  causeFromSip,
} from './hangup-cause/normalise.ts';
export {
  callKey,
  extensionNumber,
  pbxId,
  recordingKey,
  tenantId,
  type CallKey,
  type ExtensionNumber,
  type PbxId,
  type RecordingKey,
  type TenantId,
} from './ids.ts';
export { instant, type Instant } from './instant.ts';
export { gather, type News, type PbxNews } from './news/gather.ts';
export { mergeRecording, type Recording } from './recording/recording.ts';
export {
  compareKeys,
  isAbove,
  keyOfClosing,
  keyOfEvent,
  keyOfSnapshot,
  type StatementKey,
} from './statement-key.ts';
export {
  closeStuckCall,
  decideByTimeAlone,
  decideDoubleBooked,
  decideStuckCall,
  defaultStuckCallLimits,
  stuckCallLimitBounds,
  suspect,
  type Liveness,
  type ObservedCall,
  type StuckCallDecision,
  type StuckCallLimits,
  type Suspicion,
} from './stuck-call/stuck-call.ts';
export type { Told } from './told.ts';
export { epochMax, epochOf, placeOf, sequenceMax, sequenceOf, versionOf, type Version } from './version.ts';
