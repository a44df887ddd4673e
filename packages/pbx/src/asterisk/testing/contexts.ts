import { createLogger } from '@trunkline/service-kit';
import type { ConnectContext, ConnectPhase, LinkTiming } from '../../port/connection.ts';
import type { PbxOptions, PbxTarget, Vendor } from '../../port/target.ts';

/** Short enough for tests, long enough for a machine that does other things as well. */
const timing: LinkTiming = {
  dialMs: 5000,
  answerMs: 5000,
  heartbeatEveryMs: 10_000,
  heartbeatAnswerMs: 5000,
  snapshotMs: 10_000,
};

export function testContext(changes: Partial<LinkTiming> = {}, signal = new AbortController().signal) {
  const phases: ConnectPhase[] = [];
  const context: ConnectContext = {
    signal,
    logger: createLogger({ name: 'test', level: 'fatal', redactPhoneNumbers: true }),
    now: Date.now,
    timing: { ...timing, ...changes },
    onPhase: (phase) => phases.push(phase),
    session: {
      read: () => Promise.resolve(null),
      write: () => Promise.resolve(),
      clear: () => Promise.resolve(),
    },
  };
  return { context, phases };
}

export const testTarget = (vendor: Vendor, address: string, options: PbxOptions = {}): PbxTarget => ({
  id: 'lab',
  vendor,
  address: new URL(address),
  trust: { kind: 'public' },
  credential: { username: 'trunkline', secret: 'a secret' },
  options,
});
