/** Everything that a token can allow. The list is closed: a scope that isn't here allows nothing. */
export const scopes = [
  /** Calls, phones and PBXs of the tenant, with phone numbers masked. */
  'calls:read',
  /** Phone numbers in full. */
  'numbers:read',
  /** Making and ending calls. */
  'calls:control',
  /** Listening to recordings. */
  'recordings:read',
  /** Deleting them. */
  'recordings:delete',
  /** Writing into conversations. */
  'conversations:write',
  /** Contacts and imports of the tenant; who calls. Numbers masked without `numbers:read`. */
  'contacts:read',
  /** Changing contacts, importing files. */
  'contacts:write',
  /** Links, cleanup runs, dead letters, sweeps, webhooks and the audit of the tenant. */
  'ops:read',
  /** Starting a sweep, asking for a snapshot, retrying a link, replaying a dead letter, changing webhooks. */
  'ops:write',
  /** What belongs to no single tenant: queues, streams, leases. For who runs the installation. */
  'platform:read',
  'platform:write',
] as const;

export type Scope = (typeof scopes)[number];

const agent: readonly Scope[] = ['calls:read', 'conversations:write', 'contacts:read'];
const supervisor: readonly Scope[] = [
  ...agent,
  'numbers:read',
  'calls:control',
  'contacts:write',
  'recordings:read',
];
const operator: readonly Scope[] = [...supervisor, 'recordings:delete', 'ops:read', 'ops:write'];

/** What a role stands for. */
export const roleScopes = {
  agent,
  supervisor,
  operator,
  platform: [...operator, 'platform:read', 'platform:write'],
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof roleScopes;

export const roles = Object.keys(roleScopes) as readonly Role[];

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);

export const isRole = (text: string): text is Role => Object.hasOwn(roleScopes, text);
