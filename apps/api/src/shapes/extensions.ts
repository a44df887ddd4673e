import { extensionStatuses } from '@trunkline/domain';
import * as v from 'valibot';
import { callShape } from './calls.ts';
import { count, id, instant, pageOf } from './common.ts';

const phone = {
  pbx: id,
  pbxName: v.string(),
  tenant: id,
  number: v.string(),
  name: v.nullable(v.string()),
  status: v.picklist(extensionStatuses),
  lastSeenAt: instant,
  openCalls: v.array(v.string()),
  revision: count,
};

export const extensionPageShape = pageOf(v.object(phone));

export const extensionDetailShape = v.object({
  ...phone,
  word: v.pipe(
    v.object({
      status: v.picklist(extensionStatuses),
      at: instant,
      asOf: v.pipe(v.string(), v.description('The version whose state it speaks of.')),
      said: v.pipe(v.string(), v.description('The version at which it was said.')),
    }),
    v.description('What the PBX said of it last. What is shown differs where the link was lost since.'),
  ),
  calls: v.pipe(v.array(callShape), v.description('Its calls, the newest first, open ones among them.')),
});
