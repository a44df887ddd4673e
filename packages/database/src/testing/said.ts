import { pbxIds, read } from '@trunkline/domain/testing';
import type { HeardEvent } from '../writes/apply-events.ts';

/** One word of a test PBX, as it would come out of a stream. */
export function said(
  seq: number,
  type: string,
  payload: Record<string, unknown>,
  { pbx = pbxIds[0], epoch = 1 }: { pbx?: string; epoch?: number } = {},
): HeardEvent {
  const whole = { at: Date.UTC(2026, 0, 1) + seq * 1000, ...payload };
  return { event: read({ source: pbx, epoch, seq, type, payload: whole }), payload: JSON.stringify(whole) };
}
