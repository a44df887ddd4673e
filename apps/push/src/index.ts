export { createCommands, type CommandsOptions } from './commands/carry-out.ts';
export { createPush, type ListenOptions, type Push, type PushOptions } from './create-push.ts';
export { createPushMetrics, type PushMetrics } from './push-metrics.ts';
export { PUSH_TUNING, type PushTuning } from './push-tuning.ts';
