/** Texts about links to PBXs that more than one page needs. */
export const linksCopy = {
  trouble(name: string, state: string): string {
    switch (state) {
      case 'refused':
        return `${name} refused the login. We stopped so that it doesn't block us.`;
      case 'blocked':
        return `${name} has blocked our address. Calls on it may go on.`;
      case 'unheld':
        return `${name}: nobody holds the link, so nobody knows how it stands.`;
      case 'synchronising':
        return `${name} is back; its phones and calls are being read.`;
      case 'idle':
        return `${name}: the link is idle.`;
      default:
        return `${name}: link lost. States are unverified, and calls on the PBX may go on.`;
    }
  },
  next(state: string, wait: string | null): string {
    switch (state) {
      case 'refused':
        return 'Correct the credentials, then retry';
      case 'blocked':
        return wait === null ? 'No attempt before the block ends' : `No attempt for ${wait}`;
      case 'waiting':
        return wait === null ? 'Retry soon' : wait === 'any moment' ? 'Retry any moment' : `Retry in ${wait}`;
      case 'synchronising':
        return 'Verified in a moment';
      case 'unheld':
        return 'A connector takes it over as soon as one runs';
      default:
        return 'Connecting…';
    }
  },
  inTime: (left: string): string => (left === 'any moment' ? left : `in ${left}`),
  /** Pages that show no phones know of none, and 0 would be a number that nobody has counted. */
  back: (name: string, count: number): string =>
    count === 0
      ? `${name} is back and verified`
      : `${name} is back, ${count} ${count === 1 ? 'state' : 'states'} verified`,
} as const;
