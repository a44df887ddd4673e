import * as v from 'valibot';
import { extensionStatuses } from '../extension/extension-status.ts';
import { extensionNumberSchema } from '../ids.ts';
import { instantSchema } from '../instant.ts';
import { humanText } from './text.ts';

export const extensionDetails = {
  extension: extensionNumberSchema,
  status: v.picklist(extensionStatuses),
  name: v.optional(humanText(200)),
};

export const extensionEventSchemas = {
  'extension.changed': v.object({ ...extensionDetails, at: instantSchema }),
} as const;
