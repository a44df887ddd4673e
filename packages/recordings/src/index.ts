export { BadSoundError, checkSound, type SoundCheck } from './check-sound.ts';
export { fileKeyOf } from './file-key.ts';
export { nextStep, retryTuning, type FetchOutcome, type NextStep, type RetryTuning } from './next-step.ts';
export { RecordingError, type RecordingProblem } from './recording-error.ts';
export { recordingJobId, recordingJobSchema, recordingQueue, type RecordingJob } from './recording-queue.ts';
export {
  claimRecording,
  dueRecordings,
  renewClaim,
  type Claim,
  type ClaimedRecording,
} from './store/claim.ts';
export { countRecordings, type RecordingCounts } from './store/count.ts';
export {
  deleteRecording,
  expireRecordings,
  forgetFiles,
  leftoverFiles,
  type Expired,
  type Leftover,
} from './store/delete.ts';
export {
  listRecordings,
  readRecording,
  recordingStatuses,
  type ListedRecording,
  type RecordingFilter,
  type RecordingStatus,
} from './store/list.ts';
export { keptDaysMax, readRetention, setRetention } from './store/retention.ts';
export { settleFailure, settleStored, type Settled } from './store/settle.ts';
