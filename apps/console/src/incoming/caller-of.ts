import { incomingCopy } from './copy.ts';
import type { Ring } from './incoming.ts';

/** Who calls, as it is read out. */
export const callerOf = ({ call }: Ring): string =>
  [call.callerName, call.callerNumber].filter((part) => part !== null).join(', ') ||
  incomingCopy.unknownCaller;
