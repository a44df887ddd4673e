/** What somebody may do here, as far as their token says. The server decides; this only decides what is shown. */
export const scopes = [
  'calls:read',
  'numbers:read',
  'calls:control',
  'recordings:read',
  'recordings:delete',
  'conversations:write',
  'contacts:read',
  'contacts:write',
  'ops:read',
  'ops:write',
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

/** As the server has it; a test holds the two equal. */
export const roleScopes: Readonly<Record<string, readonly Scope[]>> = {
  agent,
  supervisor,
  operator,
  platform: [...operator, 'platform:read', 'platform:write'],
};

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly tenant: string | null;
  readonly roles: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * Who an access token is for. Null for one that can't be read: some providers give such, and then the name and the scopes
 * come from elsewhere.
 */
export function personOf(accessToken: string): Person | null {
  const claims = claimsOf(accessToken);
  if (claims === null || typeof claims['sub'] !== 'string') return null;
  const roles = words(claims['roles']);
  const told = words(claims['scope']).filter(isScope);
  return {
    id: claims['sub'],
    name: typeof claims['name'] === 'string' ? claims['name'] : claims['sub'],
    tenant: typeof claims['tenant'] === 'string' ? claims['tenant'] : null,
    roles,
    scopes: new Set([...told, ...roles.flatMap((role) => roleScopes[role] ?? [])]),
  };
}

function claimsOf(token: string): Record<string, unknown> | null {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function words(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);

/** `AF` for Ana Ferreira. */
export function initialsOf(name: string): string {
  const parts = name.split(/\s+/).filter((part) => part !== '');
  const [first = '?'] = parts;
  const last = parts.length > 1 ? (parts.at(-1) ?? '') : '';
  return (firstLetter(first) + firstLetter(last)).toUpperCase();
}

const letters = new Intl.Segmenter();
const firstLetter = (text: string): string =>
  letters.segment(text)[Symbol.iterator]().next().value?.segment ?? '';
