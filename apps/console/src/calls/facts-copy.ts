/** Names of what is known of a call. */
export const factsCopy = {
  state: 'State',
  endedAs: 'Ended as',
  from: 'From',
  to: 'To',
  dialled: 'Dialled',
  phones: 'Phones',
  direction: 'Direction',
  pbx: 'PBX',
  started: 'Started',
  answered: 'Answered',
  approximate: '· at the latest',
  ended: 'Ended',
  talk: 'Talk time',
  duration: 'Duration',
  verified: 'Verified',
  key: 'Name at the PBX',
} as const;
