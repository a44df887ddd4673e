import { gather, type LifecycleEvent } from '@trunkline/domain';
import { stateOf } from '@trunkline/domain/testing';
import type { Heard } from './ledger-differences.ts';

/** What somebody knows of one PBX who has heard these events, merged as the database merges them. */
export function heardFrom(events: Iterable<LifecycleEvent>): Heard {
  const [state] = stateOf(gather(events));
  return {
    calls: (state?.calls ?? []).map(
      ({ key, shown, startedAt, answered, caller, callee, route, lastWord }) => ({
        key,
        status: shown.status,
        cause: shown.cause ?? null,
        startedAt,
        answeredAt: answered?.at ?? null,
        answeredApproximately: answered?.approximate ?? false,
        caller: caller?.fact.number ?? null,
        callee: callee?.fact.number ?? null,
        direction: route?.fact.direction ?? null,
        extensions: lastWord.extensions,
      }),
    ),
    phones: (state?.extensions ?? []).map(({ number, shown }) => ({ number, status: shown.status })),
  };
}
