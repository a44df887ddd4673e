export {
  batchesOf,
  deliveriesOf,
  histories,
  pbxIds,
  plausible,
  read,
  type PublishedEvent,
} from './histories.ts';
export { readInOrder } from './read-in-order.ts';
export { stateOf } from './state.ts';
