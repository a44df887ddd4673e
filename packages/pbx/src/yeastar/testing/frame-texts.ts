/** Frames as the PBX writes them: the message of a call event is JSON inside a string. */
export const frameText = (type: number, message: unknown): string =>
  JSON.stringify({ type, sn: '3631A2124000', msg: JSON.stringify(message) });

interface Wire {
  readonly [key: string]: unknown;
}

export const extension = (number: string, status: string, more: Wire = {}): Wire => ({
  extension: {
    number,
    channel_id: `PJSIP/${number}-00000001`,
    member_status: status,
    call_path: '',
    ...more,
  },
});

export const inbound = (status: string, more: Wire = {}): Wire => ({
  inbound: {
    from: '15551234',
    to: '5503301',
    trunk_name: 'carrier',
    channel_id: 'PJSIP/carrier-00000001',
    member_status: status,
    call_path: '',
    ...more,
  },
});

export const outbound = (status: string, more: Wire = {}): Wire => ({
  outbound: {
    from: '1001',
    to: '15559999',
    trunk_name: 'carrier',
    channel_id: 'PJSIP/carrier-00000002',
    member_status: status,
    call_path: '',
    ...more,
  },
});

export const callFrame = (call: string, members: unknown, type = 30011): string =>
  frameText(type, { call_id: call, members });

export const recordFrame = (call: string, more: Wire = {}): string =>
  frameText(30012, {
    call_id: call,
    uid: '20260101000000ABCDE',
    time_start: '2026/01/01 10:00:00',
    call_from: '1001',
    call_to: '1002',
    call_duration: 20,
    talk_duration: 12,
    src_trunk_name: ' ',
    dst_trunk_name: ' ',
    pin_code: '',
    status: 'ANSWERED',
    type: 'Internal',
    recording: '',
    did_number: ' ',
    agent_ring_time: 0,
    ...more,
  });
