import type { PbxIdentity } from '../port/connection.ts';
import type { LinkError } from '../port/fault.ts';
import { linkErrorOf, OK } from './api-faults.ts';
import { readIdentity } from './read-identity.ts';
import type { Rest } from './rest.ts';

/** The cheapest call there is, which also tells whether the token is good and how far the PBX's clock is off. */
export async function askIdentity(rest: Rest, signal: AbortSignal): Promise<Omit<PbxIdentity, 'warnings'>> {
  const name = 'system/information';
  const answer = await rest.ask({ name }, signal);
  const error = answer.errcode === OK ? null : linkErrorOf(rest.site, name, answer);
  if (error !== null && !isAboutThisCallOnly(error, answer.errcode)) throw error;
  return readIdentity(answer.errcode === OK ? answer.fields : {});
}

/** An application may lack the permission for it, and an old firmware the call itself; events come all the same. */
const isAboutThisCallOnly = (error: LinkError, errcode: number): boolean =>
  error.fault.kind === 'protocol' || errcode === 10005 || errcode === 70084;
