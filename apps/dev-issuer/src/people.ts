import type { Role } from '@trunkline/access';

export interface Person {
  /** Who they are to us: the claim `sub`. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** What they do here, for the page that lists them. */
  readonly does: string;
}

/** Everybody there is: one for each role. */
export const people: readonly Person[] = [
  { id: 'ana', name: 'Ana', role: 'agent', does: 'Agent. Sees calls, with phone numbers masked.' },
  { id: 'sam', name: 'Sam', role: 'supervisor', does: 'Supervisor. Sees numbers, makes and ends calls.' },
  {
    id: 'olga',
    name: 'Olga',
    role: 'operator',
    does: 'Operator. Also heals: sweeps, snapshots, dead letters.',
  },
  { id: 'pat', name: 'Pat', role: 'platform', does: 'Runs the installation. Also sees queues and streams.' },
];

/** By id or by name, in whatever case. */
export const personCalled = (text: unknown): Person | undefined =>
  typeof text === 'string' ? people.find(({ id }) => id === text.trim().toLowerCase()) : undefined;

/** What a token of theirs says beyond who it is. */
export const claimsOf = ({ name, role }: Person, tenant: string) => ({ tenant, name, roles: [role] });
