import { LinkError } from '../port/fault.ts';
import { placeOf, type Endpoint } from './endpoint.ts';

export const closedError = (endpoint: Endpoint): LinkError =>
  new LinkError({ kind: 'closed' }, `The connection to ${placeOf(endpoint)} was closed by us.`);

const remedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check the port, and whether the interface is switched on at the PBX.',
  ENOTFOUND: 'The name is unknown: check its spelling and the name server.',
  EAI_AGAIN: 'The name server does not answer.',
  EHOSTUNREACH: 'There is no way to that host: check address, routes and firewall.',
  ENETUNREACH: 'There is no way to that network: check address, routes and firewall.',
  ECONNRESET: 'The connection was reset.',
  EPIPE: 'The connection was closed.',
};

export function unreachableError(endpoint: Endpoint, problem: string, cause?: unknown): LinkError {
  const remedy = remedies[problem];
  const text = remedy === undefined ? problem : `${problem}. ${remedy}`;
  return new LinkError(
    { kind: 'unreachable' },
    `${placeOf(endpoint)} can't be reached: ${text}`,
    cause === undefined ? {} : { cause },
  );
}
