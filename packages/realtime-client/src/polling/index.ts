export { pollWhileDisconnected, type PollingOptions, type PollingSource } from './polling.ts';
