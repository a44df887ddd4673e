/** [CALL1] Where a call stands. All but `ended` are open. */
export const openCallStatuses = ['calling', 'ringing', 'connected', 'held'] as const;
export const callStatuses = [...openCallStatuses, 'ended'] as const;

export type OpenCallStatus = (typeof openCallStatuses)[number];
export type CallStatus = (typeof callStatuses)[number];
