import type { Role } from '@trunkline/access';

export interface Person {
  /** Who they are to us: the claim `sub`. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** What they do here, for the page that lists them. */
  readonly does: string;
  /** Belongs to another tenant than everybody else, and is there only where that one is known. */
  readonly isElsewhere?: true;
}

/** Whose people they are. */
export interface Tenants {
  readonly tenant: string;
  readonly otherTenant?: string | undefined;
}

/** Everybody there is: one for each role, and an operator who must see nothing of what the others see. */
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
  {
    id: 'otto',
    name: 'Otto',
    role: 'operator',
    does: 'Operator of another company. Sees nothing of this one.',
    isElsewhere: true,
  },
];

/** Those who can sign in. */
export const peopleOf = ({ otherTenant }: Tenants): readonly Person[] =>
  people.filter(({ isElsewhere }) => isElsewhere !== true || otherTenant !== undefined);

/** By id or by name, in whatever case. */
export const personCalled = (text: unknown, tenants: Tenants): Person | undefined =>
  typeof text === 'string' ? peopleOf(tenants).find(({ id }) => id === text.trim().toLowerCase()) : undefined;

/** What a token of theirs says beyond who it is. */
export const claimsOf = ({ name, role, isElsewhere }: Person, { tenant, otherTenant }: Tenants) => ({
  tenant: isElsewhere === true ? otherTenant : tenant,
  name,
  roles: [role],
});
