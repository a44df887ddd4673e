/** Texts that several operators' pages share. */
export const opsCopy = {
  notLoaded: (what: string) => `Couldn't load ${what}`,
  notRefreshed: (what: string) => `Couldn't ask again for ${what}. What you see is from`,
  tryAgain: 'Try again',
  refresh: 'Refresh',
  here: 'This page',
  readOnly: 'You can look, but not change anything here. That needs the scope ops:write.',
  cancel: 'Cancel',
  moreRows: (next: number, hidden: number) =>
    next === hidden ? `Show the other ${hidden}` : `Show ${next} more of ${hidden}`,
  all: 'All',
  pbx: 'PBX',
  causes: {
    pbx_disconnected: 'PBX link lost',
    pbx_restarted: 'PBX restarted',
    reconciled: 'Reconciled',
    timed_out: 'Timed out (cleanup)',
    timeout: 'Timed out (cleanup)',
    sweep: 'Timed out (cleanup)',
  } as Readonly<Record<string, string>>,
} as const;

/** The word for a cause; one that is new here is shown as it came, readable. */
export const causeText = (cause: string | null): string =>
  cause === null ? '—' : (opsCopy.causes[cause] ?? cause.replaceAll('_', ' '));
