import type { CallRow } from '@trunkline/realtime-client';
import type { LiveStore } from '@trunkline/realtime-client/store';
import { useRealtime } from '@trunkline/realtime-react';
import { useMemo, useSyncExternalStore } from 'react';
import type { Api } from '../api/api.ts';
import { useApi } from '../api/use-api.ts';
import { useMay } from '../session/session-provider.tsx';
import { createCallerNames, type CallerNames } from './caller-names.ts';
import { named } from './known-parties.ts';

const ofStores = new WeakMap<LiveStore, CallerNames>();

/** The one of a page, however many ask. */
function callerNamesOf(api: Api, store: LiveStore): CallerNames {
  const made = ofStores.get(store) ?? createCallerNames(api, store);
  ofStores.set(store, made);
  return made;
}

/** Null for whoever may not see contacts. */
export function useCallerNames(): CallerNames | null {
  const api = useApi();
  const { store } = useRealtime();
  return useMay('contacts:read') ? callerNamesOf(api, store) : null;
}

const silent = () => () => undefined;
const never = () => 0;

/** Live calls with whom the API knows; a row whose names are not new stays the same object. */
export function useNamedCalls(calls: readonly CallRow[]): readonly CallRow[] {
  const names = useCallerNames();
  const version = useSyncExternalStore(names?.subscribe ?? silent, names?.version ?? never);
  return useMemo(
    () =>
      names === null || version === 0
        ? calls
        : calls.map((call) => named(call, names.of(`${call.pbx}/${call.call}`))),
    [calls, names, version],
  );
}
