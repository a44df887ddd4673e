import { createContext, use, useSyncExternalStore, type ReactNode } from 'react';
import type { Person, Scope } from './access.ts';
import type { Config } from './config.ts';
import type { Session, SessionState } from './session.ts';

interface Here {
  readonly session: Session;
  readonly config: Config;
}

const Context = createContext<Here | null>(null);

export function SessionProvider({ session, config, children }: Here & { readonly children: ReactNode }) {
  return <Context value={{ session, config }}>{children}</Context>;
}

export function useSession(): Here {
  const here = use(Context);
  if (here === null) throw new Error('no session here: put a <SessionProvider> around this');
  return here;
}

export function useSessionState(): SessionState {
  const { session } = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Who is signed in, or was until a moment ago; null on the way in. */
export function usePerson(): Person | null {
  const state = useSessionState();
  return state.name === 'signed-in' || state.name === 'ended' ? state.person : null;
}

/** Whether to show what needs a scope. The server decides as well. */
export function useMay(scope: Scope): boolean {
  return usePerson()?.scopes.has(scope) === true;
}
