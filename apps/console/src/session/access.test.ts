import * as access from '@trunkline/access';
import { describe, expect, it } from 'vitest';
import { initialsOf, personOf, roleScopes, scopes } from './access.ts';

const tokenOf = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

describe('what somebody may see', () => {
  it('follows from their roles as the server has them', () => {
    expect(scopes).toEqual(access.scopes);
    expect(roleScopes).toEqual(access.roleScopes);
  });

  it('is the sum of roles and scopes, and nothing unknown', () => {
    const token = tokenOf({
      sub: 'u1',
      name: 'Zoë Ångström',
      tenant: 't',
      roles: ['agent', 'king'],
      scope: 'openid ops:read',
    });
    expect(personOf(token)).toEqual({
      id: 'u1',
      name: 'Zoë Ångström',
      tenant: 't',
      roles: ['agent', 'king'],
      scopes: new Set(['ops:read', 'calls:read', 'conversations:write', 'contacts:read']),
    });
  });

  it.each(['', 'opaque', 'a.b.c', tokenOf([]), tokenOf({ roles: ['agent'] })])(
    'is not known from %j',
    (token) => {
      expect(personOf(token)).toBeNull();
    },
  );

  it('has initials', () => {
    expect(['Ana Ferreira', 'olga', '', 'Ana Maria de Souza', '😀 Ω'].map(initialsOf)).toEqual([
      'AF',
      'O',
      '?',
      'AS',
      '😀Ω',
    ]);
  });
});
