import * as v from 'valibot';
import { openCallStatuses } from '../call/call-status.ts';
import { instantSchema } from '../instant.ts';
import { epochMax, sequenceMax } from '../version.ts';
import { callDetails } from './call-event.ts';
import { extensionDetails } from './extension-event.ts';
import { humanText } from './text.ts';

/** A PBX that carries more than this at once needs its snapshot in parts; no PBX we know comes near it. */
const snapshotCallsMax = 50_000;
const snapshotExtensionsMax = 100_000;

/** A place between two words of a PBX: sequence 0 is the start of an epoch, epoch 0 the start of everything. */
const place = v.object({
  epoch: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(epochMax)),
  seq: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(sequenceMax)),
});

const snapshotCall = v.object({ ...callDetails, status: v.picklist(openCallStatuses) });
const snapshotExtension = v.object(extensionDetails);

export const linkEventSchemas = {
  'link.connected': v.object({ at: instantSchema }),
  'link.disconnected': v.object({
    at: instantSchema,
    reason: v.optional(humanText(500), ''),
    cause: v.optional(v.picklist(['pbx_disconnected', 'pbx_restarted']), 'pbx_disconnected'),
  }),
  'link.snapshot': v.object({
    at: instantSchema,
    asOf: place,
    calls: v.pipe(v.array(snapshotCall), v.maxLength(snapshotCallsMax)),
    extensions: v.optional(v.pipe(v.array(snapshotExtension), v.maxLength(snapshotExtensionsMax))),
  }),
} as const;
