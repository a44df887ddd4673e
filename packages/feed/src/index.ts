export {
  createFeed,
  FEED_TUNING,
  type Feed,
  type FeedMessage,
  type FeedOptions,
  type FeedPosition,
  type FeedTuning,
} from './create-feed.ts';
export { readFeedEntry, readLiveEntry, type FeedEntry, type LiveEntry } from './feed-entry.ts';
export { createFeedKeys, type FeedKeys } from './feed-keys.ts';
export {
  forgetPushNode,
  listPushNodes,
  nodeSilenceMs,
  notePushNode,
  type ListedPushNode,
  type PushNode,
} from './push-nodes.ts';
