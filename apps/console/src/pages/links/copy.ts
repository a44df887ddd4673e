export const linksPageCopy = {
  what: 'the links',
  label: 'Links to PBXs',
  unverified: 'unverified since the link was lost',
  columns: {
    state: 'State',
    pbx: 'PBX',
    since: 'Since',
    attempt: 'Attempt',
    next: 'Next',
    heard: 'Heard',
    snapshot: 'Snapshot',
    calls: 'Open calls',
    owner: 'Owner',
    actions: 'Actions',
  },
  all: (count: number) => (count === 1 ? 'The link is up.' : `All ${count} links are up.`),
  down: (down: number, count: number) =>
    `${down} of ${count} ${count === 1 ? 'link' : 'links'} not connected`,
  none: 'There are no PBXs yet',
  noneLead: 'An administrator adds one with `trunkline pbx add`; it appears here by itself.',
  stopped: 'stopped',
  why: 'Why?',
  asked: (name: string, isHeld: boolean) =>
    isHeld ? `${name} is tried now.` : `${name} is tried as soon as a connector holds it.`,
  failed: (name: string) => `${name} is not tried.`,
  asOf: 'These are not live just now; the last answer is from',
} as const;
