import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { webhookTypes } from './event-types.ts';
import { isUuid } from './store/endpoint.ts';
import { checkUrl } from './target/check-url.ts';
import type { TargetPolicy } from './target/target-policy.ts';
import { webhookBounds } from './webhook-bounds.ts';
import { WebhookError } from './webhook-error.ts';

/** What can be said of an endpoint when it is added, and changed later. */
export interface EndpointWishes {
  readonly url?: string;
  readonly description?: string | null;
  /** Null for all. */
  readonly types?: readonly string[] | null;
  readonly pbxs?: readonly string[] | null;
  readonly parallel?: number;
}

/** Refuses what makes no sense, with a message for whoever wished it. */
export async function checkWishes(
  transaction: Transaction,
  tenant: TenantId,
  { url, description = null, types = null, pbxs = null, parallel }: EndpointWishes,
  policy: TargetPolicy,
): Promise<void> {
  const { descriptionLengthMax, parallelMax, pbxsMax } = webhookBounds;
  if (url !== undefined) checkUrl(url, policy);
  if (description !== null && (description.length > descriptionLengthMax || hasControls(description)))
    throw invalid(`A description is a line of at most ${descriptionLengthMax} characters.`);
  if (parallel !== undefined && !(Number.isInteger(parallel) && parallel >= 1 && parallel <= parallelMax))
    throw invalid(`Deliveries under way at once are a whole number from 1 to ${parallelMax}.`);
  if (types !== null) checkTypes(types);
  if (pbxs !== null) {
    if (pbxs.length === 0 || pbxs.length > pbxsMax)
      throw invalid(`Name 1 to ${pbxsMax} PBXs, or none to hear of all.`);
    await checkPbxs(transaction, tenant, pbxs);
  }
}

function checkTypes(types: readonly string[]): void {
  const known: readonly string[] = webhookTypes;
  const unknown = types.find((type) => !known.includes(type));
  if (types.length === 0 || unknown !== undefined)
    throw invalid(
      `${unknown === undefined ? 'An endpoint asks for at least one type of event' : `There is no type "${unknown}"`}; the types are ${known.join(', ')}.`,
    );
}

async function checkPbxs(transaction: Transaction, tenant: TenantId, pbxs: readonly string[]): Promise<void> {
  const rows = await transaction.query<{ readonly id: string }>(
    'select id from pbx where tenant_id = $1 and id = any($2::uuid[])',
    [tenant, pbxs.filter(isUuid)],
  );
  const known = new Set(rows.map(({ id }) => id));
  const unknown = pbxs.find((pbx) => !known.has(pbx.toLowerCase()));
  if (unknown !== undefined) throw invalid(`There is no PBX ${unknown}.`);
}

// oxlint-disable-next-line eslint/no-control-regex -- control characters are the very thing to refuse
const hasControls = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

const invalid = (message: string): WebhookError => new WebhookError('invalid', message);
