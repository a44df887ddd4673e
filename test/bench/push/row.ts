/** The phone of calls that everybody hears of who listens to one phone. */
export const commonPhone = '1005';

/** A call as screens get it, of the size that they have, with a number and the moment at which it was published. */
export function rowOf(number: number, phone = commonPhone): Record<string, unknown> {
  return {
    pbx: '0d000000-0000-4000-8000-000000000002',
    call: `${1_796_058_747 + number}.${number}`,
    status: 'connected',
    startedAt: '2026-11-30T17:12:27.154Z',
    answeredAt: '2026-11-30T17:12:31.402Z',
    answeredApproximate: false,
    endedAt: null,
    cause: null,
    talkSeconds: null,
    direction: 'inbound',
    trunk: 'sip-trunk-1',
    did: '+31201234567',
    callerNumber: '+31699248846',
    callerName: 'Maria Costa',
    calleeNumber: phone,
    calleeName: 'Ben Okafor',
    extensions: [phone],
    phones: [phone],
    revision: 2,
    number,
    publishedAt: clockMs(),
  };
}

/** One clock for all processes of this machine, in fractions of a millisecond. */
export const clockMs = (): number => performance.timeOrigin + performance.now();
