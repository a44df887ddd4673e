import { recordingStatuses } from '@trunkline/recordings';
import * as v from 'valibot';
import { count, id, instant, pageOf } from './common.ts';

export const recordingShape = v.object({
  id,
  tenant: id,
  pbx: id,
  pbxName: v.string(),
  recording: v.pipe(v.string(), v.description('The PBX’s own name for it, mostly a file.')),
  call: v.pipe(v.nullable(v.string()), v.description('The call that was recorded, where it is known.')),
  readyAt: instant,
  durationSeconds: v.nullable(v.number()),
  status: v.pipe(
    v.picklist(recordingStatuses),
    v.description('Whether its sound is here. `failed`: it was given up, for the reason in `problem`.'),
  ),
  attempts: count,
  problem: v.nullable(v.string()),
  contentType: v.nullable(v.string()),
  bytes: v.nullable(count),
  sha256: v.pipe(v.nullable(v.string()), v.description('Of the sound, in hexadecimal digits.')),
  storedAt: v.nullable(instant),
  deletedAt: v.nullable(instant),
  revision: count,
});

export const recordingPageShape = pageOf(recordingShape);

export const soundLinkShape = v.object({
  path: v.pipe(
    v.string(),
    v.description('Where the sound is, on this server; takes ranges. It is a secret until it ends.'),
  ),
  expiresAt: instant,
});

export const deletedRecordingShape = v.object({ outcome: v.literal('deleted') });
