/** A BullMQ worker whose job does nothing: what the queue alone costs. */
import { measureJobs } from './bullmq-jobs.ts';
import { readTask, tell } from './contender.ts';

const concurrency = 200;

tell(await measureJobs(readTask(), concurrency, () => Promise.resolve()));
