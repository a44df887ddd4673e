import type { ListedCall } from '@trunkline/database';
import { span } from '../output/ago.ts';
import { when } from '../output/when.ts';

export const callColumns = [
  'started (UTC)',
  'pbx',
  'call',
  'state',
  'from',
  'to',
  'phones',
  'lasted',
  'cause',
] as const;

/** A call as a line of a table. */
export const callLine = (call: ListedCall, now: Date): Record<(typeof callColumns)[number], string> => ({
  'started (UTC)': when(call.startedAt),
  pbx: call.pbxName,
  call: call.call,
  state: call.status,
  from: call.callerNumber ?? '-',
  to: call.calleeNumber ?? '-',
  phones: call.extensions.join(' ') || '-',
  lasted: span((call.endedAt ?? now).getTime() - call.startedAt.getTime()),
  cause: call.cause ?? '',
});
