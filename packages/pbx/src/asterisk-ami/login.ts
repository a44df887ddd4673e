import { createHash } from 'node:crypto';
import type { LinkFault, RefusalError } from '../port/fault.ts';
import type { Credential } from '../port/target.ts';
import type { Actions } from './actions.ts';
import { headerOf } from './header.ts';

/** The classes of events that tell of calls and phones, and of the PBX's own start and end. */
const EVENTS = 'system,call';

/** Logs in without ever sending the secret: the PBX's challenge is hashed with it. */
export async function logIn(actions: Actions, credential: Credential, signal: AbortSignal): Promise<void> {
  const challenge = headerOf(await actions.ask('Challenge', { AuthType: 'MD5' }, signal), 'Challenge');
  const key = createHash('md5').update(`${challenge}${credential.secret}`).digest('hex');
  await actions.ask(
    'Login',
    { AuthType: 'MD5', Username: credential.username, Key: key, Events: EVENTS },
    signal,
  );
}

const refusals: readonly (readonly [RegExp, LinkFault, string])[] = [
  [
    /already in use/i,
    { kind: 'crowded', until: null },
    'Set allowmultiplelogin=yes in manager.conf, or use a user of our own.',
  ],
  [/authentication/i, { kind: 'credentials' }, 'Check user and secret in manager.conf.'],
  [
    /permission|denied|not permitted/i,
    { kind: 'forbidden' },
    "Check the user's permit, read and write in manager.conf.",
  ],
];

/** What a refused login, or a refused action, says of the link. */
export function faultOfRefusal(error: RefusalError): { fault: LinkFault; remedy: string } {
  const known = refusals.find(([pattern]) => pattern.test(error.message));
  if (known !== undefined) return { fault: known[1], remedy: known[2] };
  return { fault: { kind: 'protocol' }, remedy: 'Check vendor and port.' };
}
