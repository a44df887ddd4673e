export {
  checkDoubleBookings,
  doubleBookingBounds,
  doubleBookingReason,
  type CheckedBooking,
  type DoubleBookingBounds,
  type DoubleBookingLook,
} from './check-double-bookings.ts';
export {
  createSweepRequests,
  sweepJobOptions,
  type RecentSweep,
  type RequestSweepOptions,
  type SweepRequests,
  type SweepRequestsOptions,
  type SweepSchedule,
  type SweepStage,
  type SweepStatus,
} from './create-sweep-requests.ts';
export { holdLease, type HeldLease } from './hold-lease.ts';
export {
  beginSweep,
  finishSweep,
  planSweep,
  sweep,
  sweepRange,
  type SweepOptions,
  type SweepPlan,
  type SweepRange,
} from './sweep.ts';
export {
  boundsOf,
  leaseOf,
  sweepBounds,
  type SweepBounds,
  type SweepContext,
  type SweepWork,
} from './sweep-context.ts';
export {
  batchJobSchema,
  batchResultSchema,
  finishedKept,
  scheduleId,
  sweepJobSchema,
  sweepProgressSchema,
  sweepQueue,
  type BatchJob,
  type BatchResult,
  type BegunSweep,
  type SweepJob,
} from './sweep-jobs.ts';
export {
  countCalls,
  reportedCallsMax,
  reportOf,
  sweepReportSchema,
  type SweepCounts,
  type SweepReport,
  type SweptCall,
  type SweptOutcome,
} from './sweep-report.ts';
export { limitsAfter, timeoutMinutes } from './limits-after.ts';
export {
  chosenCallsMax,
  limitsOf,
  searchOf,
  sweepRequestSchema,
  type SweepRequest,
} from './sweep-request.ts';
export { SweepRequestError, type SweepRequestProblem } from './sweep-request-error.ts';
export { askThrough, verify, verifyBounds, type Answer, type Ask, type VerifyBounds } from './verify.ts';
export { stuckCallLimitsOf, stuckCallSettings } from './stuck-call-settings.ts';
