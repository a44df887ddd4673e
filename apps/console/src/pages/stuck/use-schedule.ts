import type { Schedule } from '../../api/answers.ts';
import { useResource } from '../../api/use-api.ts';

const askMs = 15_000;

/** The sweeps that are made without anybody asking. */
export const useSchedule = () => useResource<Schedule>('/v1/schedule', { everyMs: askMs });
