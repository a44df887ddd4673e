export { createPush, type ListenOptions, type Push, type PushOptions } from './create-push.ts';
export { PUSH_TUNING, type PushTuning } from './push-tuning.ts';
