export type { CallFilter } from './call-filter.ts';
export { readCallStats, type CallStats, type StatsRequest, type StuckCall } from './call-stats.ts';
export {
  cleanupRunKinds,
  listCleanupRuns,
  readCleanupRun,
  type CleanupRunCall,
  type CleanupRunChange,
  type CleanupRunDetail,
  type CleanupRunFilter,
  type CleanupRunKind,
  type ListedCleanupRun,
} from './cleanup-runs.ts';
export {
  deadLetterStates,
  groupDeadLetters,
  listDeadLetters,
  readDeadLetter,
  type DeadLetterDetail,
  type DeadLetterGroup,
  type ListedDeadLetter,
  type ListedDeadLettersFilter,
} from './dead-letters.ts';
export {
  listOperatorActions,
  type ListedOperatorAction,
  type OperatorActionFilter,
} from './list-operator-actions.ts';
export { countUnanswered } from './count-unanswered.ts';
export { countCalls, type CallCount } from './count-calls.ts';
export { linkConditions, readLinkFigures, type LinkCondition, type LinkFigures } from './link-figures.ts';
export { listLinkSteps, type LinkStep } from './list-link-steps.ts';
export { readExtension, type ExtensionDetail } from './read-extension.ts';
export { listHousekeeping, type HousekeepingTask } from './list-housekeeping.ts';
export { listCalls } from './list-calls.ts';
export { listExtensions, type ExtensionFilter, type ListedExtension } from './list-extensions.ts';
export { listLinks, type ListedLink } from './list-links.ts';
export type { ListedCall } from './listed-call.ts';
export {
  limitOf,
  pageLimits,
  pageOf,
  readCursor,
  timeShape,
  uuidShape,
  type Page,
  type PageRequest,
} from './page.ts';
export { listPbxActivity, type PbxActivity } from './pbx-activity.ts';
export { readBacklogs, readGroups, type Backlogs, type GroupLetters } from './read-backlogs.ts';
export {
  findCalls,
  readCall,
  trailMax,
  type CallCleanup,
  type CallDetail,
  type CallRecording,
  type TrailEntry,
} from './read-call.ts';
export { ReadError } from './read-error.ts';
export { readShown, type ShownRow } from './shown-rows.ts';
export { defaultSuspicionLimits, type SuspicionLimits } from './stuck.ts';
export { readParties, type CallName, type CallParties } from './read-parties.ts';
