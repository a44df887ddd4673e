export { sharedSocket, type SharedSocketOptions } from './shared-socket.ts';
export type { Channel, Locks, TabWorld } from './tab-group.ts';
