import type { AriRest } from './rest.ts';
import { noiseTypes } from './codec.ts';

/** What an application is subscribed to when it is subscribed to everything. */
const everything = [
  ['channel_ids', '__AST_CHANNEL_ALL_TOPIC', 'channel:'],
  ['bridge_ids', '__AST_BRIDGE_ALL_TOPIC', 'bridge:'],
  ['endpoint_ids', '__AST_ENDPOINT_ALL_TOPIC', 'endpoint:'],
  ['device_names', '__AST_DEVICE_STATE_ALL_TOPIC', 'deviceState:'],
] as const;

/** The event sources that an application, as ARI shows it, is not subscribed to. */
export function missingSources(application: unknown): string[] {
  const shown: Record<string, unknown> =
    typeof application === 'object' && application !== null ? { ...application } : {};
  return everything
    .filter(([list, all]) => !(Array.isArray(shown[list]) && shown[list].includes(all)))
    .map(([, , source]) => source);
}

/**
 * Makes sure that the application hears everything. `subscribeAll` alone is not enough: where the PBX still knew the
 * application from an older socket it is passed over without a word.
 */
export async function ensureSubscribed(
  rest: AriRest,
  application: string,
  signal: AbortSignal,
): Promise<void> {
  const missing = missingSources(await rest.get(['applications', application], { signal }));
  if (missing.length === 0) return;
  const answer = await rest.ask('POST', ['applications', application, 'subscription'], {
    signal,
    query: { eventSource: missing.join(',') },
  });
  if (answer.status !== 200) throw rest.refusal(answer.status, 'the subscription to all events');
  const still = missingSources(await rest.get(['applications', application], { signal }));
  if (still.length > 0) throw rest.refusal(403, `the subscription to ${still.join(' ')}`);
}

/** Asks the PBX not to send what we would skip. It works without, with more traffic; true where it agreed. */
export async function setFilter(rest: AriRest, application: string, signal: AbortSignal): Promise<boolean> {
  const disallowed = noiseTypes.map((type) => ({ type }));
  const answer = await rest.ask('PUT', ['applications', application, 'eventFilter'], {
    signal,
    body: { disallowed },
  });
  return answer.status === 200;
}
