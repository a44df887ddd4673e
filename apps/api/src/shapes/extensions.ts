import { extensionStatuses } from '@trunkline/domain';
import * as v from 'valibot';
import { count, id, instant, pageOf } from './common.ts';

export const extensionPageShape = pageOf(
  v.object({
    pbx: id,
    pbxName: v.string(),
    tenant: id,
    number: v.string(),
    name: v.nullable(v.string()),
    status: v.picklist(extensionStatuses),
    lastSeenAt: instant,
    openCalls: v.array(v.string()),
    revision: count,
  }),
);
