export { closeCalls, sweepEndedType, type Closed, type Closing, type Reason } from './close-calls.ts';
export {
  findDoubleBookings,
  readOpenCalls,
  settleDoubleBookings,
  type DoubleBooking,
  type DoubleBookings,
} from './double-bookings.ts';
export { findSuspects, type Suspect, type SuspectPage, type SuspectSearch } from './find-suspects.ts';
export { markVerified } from './mark-verified.ts';
export { noteReopened, sweepReopenedType } from './note-reopened.ts';
export type { CallPlace, OpenCall } from './open-call.ts';
export {
  finishLeftBehind,
  finishRuns,
  pruneRunCalls,
  storeRunCalls,
  sweepOutcomes,
  type RunCall,
  type SweepOutcome,
} from './sweep-runs.ts';
export {
  fenceWorkLease,
  releaseWorkLease,
  takeWorkLease,
  WorkLeaseLostError,
  type WorkLease,
} from './work-lease.ts';
