import * as v from 'valibot';

/** Where the jobs are. One hash tag for all keys, so that on a cluster they lie on one node. */
export const recordingQueue = (prefix: string): { readonly name: string; readonly prefix: string } => ({
  name: 'recordings',
  prefix: `${prefix}:{recordings}`,
});

/** Ids only: the name of a recording often holds a phone number, and Redis keeps none. */
export const recordingJobSchema = v.object({ recording: v.string(), round: v.number() });
export type RecordingJob = v.InferOutput<typeof recordingJobSchema>;

/** One job a round, however often it is found due. */
export const recordingJobId = ({ recording, round }: RecordingJob): string => `${recording}.${round}`;
