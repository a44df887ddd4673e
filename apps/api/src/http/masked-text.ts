import type { Principal } from '@trunkline/access';
import { redactJson } from '@trunkline/service-kit';

/** Inside a text fields have no names any more, by which a number is known; so JSON is masked while they have. */
export function maskedText(text: string, { scopes }: Pick<Principal, 'scopes'>): string {
  if (scopes.has('numbers:read')) return text;
  try {
    return JSON.stringify(redactJson(JSON.parse(text)));
  } catch {
    return text;
  }
}
