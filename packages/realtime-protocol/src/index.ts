export { bearerPrefix, paths, protocolVersion, subprotocol, webSocketPath } from './version.ts';
export { endings, remedies, type ProblemKind, type Remedy } from './endings.ts';
export { limits } from './limits.ts';
export { compareOffsets, type Position } from './position.ts';
export {
  formatTopic,
  ownerOf,
  parseTopic,
  personalPrefix,
  topicKinds,
  type Topic,
  type TopicHolds,
  type TopicKind,
  type TopicScope,
} from './topics.ts';
export { dataTypes, isDataType, type DataType, type DataTypeRule, type RowsByType } from './data-types.ts';
export type * from './rows.ts';
export type { Up, UpType } from './up.ts';
export type { Down, DownType } from './down.ts';
export type { Auth, Renewed } from './messages/auth.ts';
export type {
  Acknowledge,
  Command,
  CommandKind,
  CommandOutcome,
  CommandProblem,
  HangUp,
  Originate,
  Result,
  ResultDone,
  ResultProblem,
  SendMessage,
  Wanted,
} from './messages/command.ts';
export type { Connected } from './messages/connected.ts';
export type { Data, DataOf } from './messages/data.ts';
export type { ErrorMessage } from './messages/error.ts';
export type { Delayed, Fresh } from './messages/freshness.ts';
export type { Hello, HelloLimits } from './messages/hello.ts';
export type { Moving } from './messages/moving.ts';
export type { Heartbeat, Ping, Pong } from './messages/ping.ts';
export type { Replayed } from './messages/replayed.ts';
export type { Reset, ResetReason, Snapshot } from './messages/reset.ts';
export type { Resume, Subscribe, Unsubscribe, Unsubscribed, Wish } from './messages/subscribe.ts';
