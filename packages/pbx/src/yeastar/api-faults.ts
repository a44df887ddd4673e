import { LinkError, type LinkFault } from '../port/fault.ts';
import { placeOf } from '../transport/endpoint.ts';
import type { ApiAnswer, ApiSite } from './call-api.ts';
import { blockedUntil } from './blocked-until.ts';

export const OK = 0;
/** Invalid or expired token. */
export const TOKEN_EXPIRED = 10004;
/** The one answer that means "there is none". */
export const NOT_FOUND = 60001;
export const LIMIT_REACHED = 60002;
const IP_BLOCKED = 70004;

type Explanation = readonly [fault: LinkFault, remedy: string];

const starting: Explanation = [{ kind: 'starting' }, 'The PBX is busy or not ready; it is tried again.'];
const wrongVersion: Explanation = [
  { kind: 'protocol' },
  'Update the firmware, or check that the API is switched on.',
];
const notAllowed: Explanation = [
  { kind: 'forbidden' },
  'Check the permissions of the API application at the PBX.',
];

/** What says something about the link itself; all else is about the one request. */
const explanations: ReadonlyMap<number, Explanation> = new Map([
  [-2, starting],
  [10001, wrongVersion],
  [10002, wrongVersion],
  [10003, wrongVersion],
  [10005, notAllowed],
  [70082, starting],
  [70084, notAllowed],
  [70087, [{ kind: 'forbidden' }, "Add our address to the API's list of allowed addresses at the PBX."]],
]);

/** The fault that an answer tells of; null where it tells of none. */
export function linkErrorOf(site: ApiSite, name: string, answer: ApiAnswer): LinkError | null {
  const { errcode } = answer;
  if (errcode === IP_BLOCKED) return blockedError(site, name, answer);
  if (errcode === TOKEN_EXPIRED)
    return new LinkError(
      { kind: 'starting' },
      `${say(site, name, answer)} It does not take the token that it has just granted.`,
    );
  const explanation = explanations.get(errcode);
  if (explanation === undefined) return null;
  return new LinkError(explanation[0], `${say(site, name, answer)} ${explanation[1]}`);
}

function blockedError(site: ApiSite, name: string, answer: ApiAnswer): LinkError {
  const until = blockedUntil(answer.fields.block_expire_time, site.clock, site.now());
  return new LinkError(
    { kind: 'blocked', until },
    `${say(site, name, answer)} The PBX blocks our address after failed logins. ` +
      'Wait, or release it at the PBX under Security, Security Rules, Blocked IPs.',
  );
}

/**
 * What a refused login means. How wrong credentials are answered is not documented, so whatever is not known to mean
 * something else counts as such: that can only make us more careful.
 */
export function loginErrorOf(site: ApiSite, answer: ApiAnswer, crowdedUntil: number | null): LinkError {
  const { errcode } = answer;
  if (errcode === LIMIT_REACHED)
    return new LinkError(
      { kind: 'crowded', until: crowdedUntil },
      `${say(site, 'get_token', answer)} Too many tokens are alive; each ends by itself within 30 minutes.`,
    );
  const known = errcode === TOKEN_EXPIRED ? null : linkErrorOf(site, 'get_token', answer);
  if (known !== null) return known;
  return new LinkError(
    { kind: 'credentials' },
    `${say(site, 'get_token', answer)} Check Client ID and Client Secret before the PBX blocks our address.`,
  );
}

const say = ({ endpoint }: ApiSite, name: string, { errcode, errmsg }: ApiAnswer): string =>
  `${placeOf(endpoint)} answers ${name} with ${errcode}${errmsg === '' ? '' : ` (${errmsg})`}.`;
