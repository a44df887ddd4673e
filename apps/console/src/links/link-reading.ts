import type { LinkRow } from '@trunkline/realtime-client';
import { nameOfLink, shownState } from './link-words.ts';

/** What a person reads beside what the PBX or the network said word by word. */
export interface LinkReading {
  readonly what: string;
  readonly means: string;
  /** What happens by itself, or what somebody can do. */
  readonly next: string;
}

/** Errors that networks and PBXs are known for, in plain words. The first that fits counts. */
const known: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/i, 'nothing listens at its address: it is down, or the port is wrong'],
  [/ENOTFOUND|EAI_AGAIN/i, 'its name is not known to DNS'],
  [/EHOSTUNREACH|ENETUNREACH/i, 'there is no way to it through the network'],
  [/ETIMEDOUT|timed? ?out|no answer|silent/i, 'it does not answer'],
  [/ECONNRESET|socket hang up|closed|1006/i, 'the connection broke'],
  [/certificate|self.signed|TLS|SSL|fingerprint/i, 'its certificate is not the one we trust'],
  [/block/i, 'it has blocked our address'],
  [/password|credential|login|unauthori[sz]ed|\b401\b/i, 'it does not accept the user or the password'],
  [/forbidden|permission|\b403\b/i, 'it does not allow this from our address'],
];

export const plainError = (error: string): string | null =>
  known.find(([pattern]) => pattern.test(error))?.[1] ?? null;

/** Null while all is well. */
export function readingOf(
  link: Pick<LinkRow, 'pbx' | 'name' | 'state' | 'held' | 'enabled' | 'reason'>,
): LinkReading | null {
  const name = nameOfLink(link);
  switch (shownState(link)) {
    case 'live':
      return null;
    case 'refused':
      return {
        what: `${name} refused the login: wrong user or password.`,
        means: 'We stopped, so that it doesn’t block us. Its phones and calls are unverified.',
        next: 'Correct the credentials where your installation keeps them, then retry.',
      };
    case 'blocked':
      return {
        what: `${name} has blocked our address.`,
        means:
          'We don’t try before the block ends, because a try may prolong it. Other replicas and restarts respect it too. Calls on the PBX may well go on.',
        next: 'Check the password and the PBX’s list of blocked addresses.',
      };
    case 'unheld':
      return {
        what: `Nobody holds the link to ${name}.`,
        means: 'So nobody knows how it stands. Its phones and calls are unverified.',
        next: 'A connector takes it over as soon as one runs. Check that one does.',
      };
    case 'paused':
      return {
        what: `The link to ${name} is switched off.`,
        means: 'Nothing is asked of this PBX and nothing is heard from it.',
        next: 'An operator can switch it on.',
      };
    case 'waiting':
    case 'lost':
      return lost(name, link.reason);
    case 'synchronising':
      return {
        what: `${name} is back; its phones and calls are being read.`,
        means: 'Until that is done they are unverified.',
        next: 'Nothing needs to be done.',
      };
    default:
      return {
        what: `We are on the way to ${name}.`,
        means: 'Its phones and calls are unverified until it was read.',
        next: 'Nothing needs to be done.',
      };
  }
}

function lost(name: string, reason: string | null): LinkReading {
  const why = reason === null ? null : plainError(reason);
  return {
    what: why === null ? `The link to ${name} is lost.` : `The link to ${name} is lost: ${why}.`,
    means: 'Its phones and calls are unverified, and calls on the PBX may go on.',
    next: 'We try again by ourselves.',
  };
}
