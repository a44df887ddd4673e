export { storeOf, type LiveStore } from './store-of.ts';
export { selectRows, type Selection } from './select.ts';
export type { CallStateReset } from './call-state.ts';
export type { Thing, Things } from './things.ts';
