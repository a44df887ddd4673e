export { batchesOf, deliveriesOf } from './deliveries.ts';
export { histories, pbxIds, plausible, read, type HistoryShape, type PublishedEvent } from './histories.ts';
export { readInOrder } from './read-in-order.ts';
export { stateOf } from './state.ts';
