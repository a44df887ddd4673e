import type { Vendor } from '../port/target.ts';
import { TargetError } from './target-error.ts';

interface Form {
  readonly protocols: readonly string[];
  readonly example: string;
}

const web: Form = { protocols: ['https:', 'http:'], example: 'https://pbx.example.com:8088' };
const forms: Readonly<Record<Vendor, Form>> = {
  yeastar: web,
  'asterisk-ari': { ...web, example: 'https://pbx.example.com:8089' },
  'asterisk-ami': { protocols: ['tls:', 'tcp:'], example: 'tls://pbx.example.com:5039' },
};

/**
 * Where a PBX is. The protocol says whether the connection is encrypted; there is no other switch. Secrets don't belong
 * into an address, because addresses are shown and logged.
 */
export function readAddress(vendor: Vendor, text: string): URL {
  const { protocols, example } = forms[vendor];
  const fail = (problem: string): never => {
    throw new TargetError('address', `The address ${problem}. An example for ${vendor}: ${example}`);
  };
  const address = URL.parse(text.trim());
  if (address === null || address.hostname === '') return fail('is not a URL with a host');
  if (!protocols.includes(address.protocol))
    return fail(
      `starts with ${address.protocol}//, which is none of ${protocols.map((name) => `${name}//`).join(', ')}`,
    );
  if (address.username !== '' || address.password !== '')
    return fail('holds a user or a password; give these as a credential');
  if (address.search !== '' || address.hash !== '') return fail('holds a query or a fragment');
  if (!['', '/'].includes(address.pathname) && vendor !== 'asterisk-ari') return fail('holds a path');
  return address;
}
