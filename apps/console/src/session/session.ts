import { personOf, type Person } from './access.ts';
import type { Config } from './config.ts';
import type { Pending, SignInProblem, Tokens } from './oidc.ts';

export type SessionState =
  /** Looking whether somebody is signed in already. */
  | { readonly name: 'starting' }
  | { readonly name: 'signed-out'; readonly problem: SignInProblem | null }
  /** The browser is on its way to the provider. */
  | { readonly name: 'leaving' }
  | { readonly name: 'signed-in'; readonly person: Person }
  /** It was good until now. What is on screen is kept. */
  | { readonly name: 'ended'; readonly person: Person };

export interface Session {
  readonly state: SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Null: nobody is signed in. It renews what is about to expire; `fresh`: also what is not. */
  readonly getToken: (wanted?: { readonly fresh: boolean }) => Promise<string | null>;
  readonly start: () => Promise<void>;
  readonly signIn: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** The server says that the token is no good any more. */
  readonly end: () => void;
}

/** A token that is about to expire is not sent on its way. */
const spareMs = 30_000;
/** Somebody signed in here before, so the provider may know them still. Says nothing about who. */
const hintKey = 'trunkline.signed-in-before';
const pendingKey = 'trunkline.sign-in';

const loadOidc = () => import('./oidc.ts');

/** Who is at this screen. Tokens live in memory and nowhere else, so a reload asks the provider, which knows the person. */
export function createSession(config: Config, goTo: (url: string) => void = leaveFor): Session {
  const listeners = new Set<() => void>();
  let state: SessionState = { name: 'starting' };
  let tokens: Tokens | null = null;
  let renewal: Promise<string | null> | null = null;

  function become(next: SessionState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  function accept(next: Tokens): void {
    tokens = next;
    localStorage.setItem(hintKey, '1');
    const person = personOf(next.accessToken) ?? personOf(next.idToken ?? '') ?? unknownPerson;
    const same = state.name === 'signed-in' && state.person.id === person.id;
    if (!same) become({ name: 'signed-in', person });
  }

  async function start(): Promise<void> {
    if (location.pathname === '/signed-in') return comeBack();
    if (localStorage.getItem(hintKey) !== null) return leave(true);
    become({ name: 'signed-out', problem: null });
  }

  async function comeBack(): Promise<void> {
    const callback = new URL(location.href);
    const pending = takePending();
    history.replaceState(null, '', pending?.returnTo ?? '/');
    if (pending === null) return become({ name: 'signed-out', problem: null });
    try {
      const { finishSignIn } = await loadOidc();
      accept(await finishSignIn(config, callback, pending));
    } catch (error) {
      // Nobody was to be asked, and it can't be done without: then with the provider's page in between.
      if (pending.silently && problemIn(error) === 'interaction_required') return leave(false);
      fail(error);
    }
  }

  async function leave(silently: boolean): Promise<void> {
    try {
      const { beginSignIn } = await loadOidc();
      const returnTo = location.pathname + location.search + location.hash;
      const { url, pending } = await beginSignIn(config, { returnTo, silently });
      sessionStorage.setItem(pendingKey, JSON.stringify(pending));
      if (state.name !== 'ended') become({ name: 'leaving' });
      goTo(url);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    const problem = problemIn(error);
    if (problem === 'login_required') localStorage.removeItem(hintKey);
    if (state.name === 'ended') return;
    become({ name: 'signed-out', problem: problem === 'login_required' ? null : problem });
  }

  function renewNow(): Promise<string | null> {
    renewal ??= (async () => {
      try {
        if (tokens === null) return null;
        if (tokens.refreshToken === null) return lastOf(tokens);
        const { renew } = await loadOidc();
        accept(await renew(config, tokens));
        return tokens.accessToken;
      } catch (error) {
        // Nobody answered: the token that we have may still be good, and the next attempt asks again.
        if (problemIn(error) === 'unreachable') throw error;
        end();
        return null;
      } finally {
        renewal = null;
      }
    })();
    return renewal;
  }

  /** It can't be renewed, and counts as long as it lives. */
  function lastOf({ accessToken, expiresAt }: Tokens): string | null {
    if (expiresAt > performance.now()) return accessToken;
    end();
    return null;
  }

  function end(): void {
    tokens = null;
    if (state.name === 'signed-in') become({ name: 'ended', person: state.person });
  }

  return {
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async getToken({ fresh } = { fresh: false }) {
      if (tokens === null) return null;
      if (!fresh && tokens.expiresAt - performance.now() > spareMs) return tokens.accessToken;
      return renewNow();
    },
    start,
    signIn: () => leave(false),
    async signOut() {
      const before = tokens;
      tokens = null;
      localStorage.removeItem(hintKey);
      become({ name: 'leaving' });
      const { signOutUrl } = await loadOidc();
      const url = before === null ? null : await signOutUrl(config, before).catch(() => null);
      if (url === null) become({ name: 'signed-out', problem: null });
      else goTo(url);
    },
    end,
  };
}

const unknownPerson: Person = { id: '', name: 'Signed in', tenant: null, roles: [], scopes: new Set() };

function takePending(): Pending | null {
  const text = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  try {
    return text === null ? null : (JSON.parse(text) as Pending);
  } catch {
    return null;
  }
}

const problemIn = (error: unknown): SignInProblem =>
  (error as { readonly problem?: SignInProblem } | null)?.problem ?? 'unreachable';

function leaveFor(url: string): void {
  location.assign(url);
}
