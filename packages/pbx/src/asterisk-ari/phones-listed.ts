import type { ExtensionStatus } from '@trunkline/domain';
import type { ListedChannel } from '../asterisk/adopt-channels.ts';
import type { AsteriskState } from '../asterisk/asterisk-state.ts';
import { mapBounded } from '../asterisk/map-bounded.ts';
import { phoneStatusOfDevice } from '../asterisk/phone-status.ts';
import { LinkError } from '../port/fault.ts';
import { readEndpoint } from './codec.ts';
import { deviceStateOf, QUESTIONS_AT_ONCE, type AriSnapshotContext } from './questions.ts';

/** More phones than this are not asked one by one; those left out are shown as free until they say otherwise. */
const PHONES_ASKED_MAX = 200;

/**
 * ARI lists no states of phones: being there is told by the endpoint, ringing and talking by the phone's channels. That a
 * free phone is not to be disturbed only its device tells, so those of which nothing was heard yet are asked, and
 * those that were busy last.
 */
export async function listPhones(
  endpoints: readonly unknown[],
  channels: readonly ListedChannel[],
  context: AriSnapshotContext,
): Promise<Map<string, ExtensionStatus>> {
  const { state } = context;
  const engaged = engagedPhones(channels, state);
  const phones = new Map<string, ExtensionStatus>();
  const doubtful = new Map<string, string>();
  for (const value of endpoints) {
    const endpoint = readEndpoint(value);
    if (endpoint === null)
      throw new LinkError({ kind: 'protocol' }, 'A listed endpoint has no technology or resource.');
    const number = state.names.extensionOf(endpoint.device);
    if (number === null) continue;
    const status = engaged.get(number) ?? (endpoint.state === 'online' ? 'online' : 'offline');
    // A phone that is registered over two technologies is there if either is.
    if (phones.get(number) === undefined || status !== 'offline') phones.set(number, status);
    if (status === 'online' && isDoubtful(state.phones.statusOf(number)))
      doubtful.set(number, endpoint.device);
  }
  const asked = [...doubtful].slice(0, PHONES_ASKED_MAX);
  await mapBounded(asked, QUESTIONS_AT_ONCE, async ([number, device]) => {
    if (phoneStatusOfDevice(await deviceStateOf(device, context)) === 'busy') phones.set(number, 'busy');
  });
  return phones;
}

const isDoubtful = (known: ExtensionStatus | null): boolean => known === null || known === 'busy';

function engagedPhones(
  channels: readonly ListedChannel[],
  { names }: AsteriskState,
): ReadonlyMap<string, ExtensionStatus> {
  const engaged = new Map<string, ExtensionStatus>();
  for (const { channel } of channels) {
    const named = names.read(channel.name);
    if (named.kind !== 'extension' || channel.state === 'down') continue;
    if (channel.state !== 'ringing') engaged.set(named.number, 'incall');
    else if (!engaged.has(named.number)) engaged.set(named.number, 'ringing');
  }
  return engaged;
}
