/** [EXT1] What a phone does. */
export const extensionStatuses = ['online', 'ringing', 'incall', 'busy', 'offline'] as const;

export type ExtensionStatus = (typeof extensionStatuses)[number];

/** [EXT2] What only a call can explain, and what therefore can't outlive the link that told of it. */
export const isEngaged = (status: ExtensionStatus): boolean =>
  status === 'ringing' || status === 'incall' || status === 'busy';
