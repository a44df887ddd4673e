import { Button } from '../ui/button.tsx';
import { sessionCopy } from './copy.ts';
import { useSession, useSessionState } from './session-provider.tsx';
import styles from './sign-in-card.module.css';

/** One card: what happens, and where one comes back to. Errors never say which half was wrong. */
export function SignInCard() {
  const { session, config } = useSession();
  const state = useSessionState();
  const isLeaving = state.name === 'leaving' || state.name === 'starting';
  const problem = state.name === 'signed-out' ? state.problem : null;
  if (isLeaving) {
    return (
      <main className={styles.place}>
        <p className={styles.wait} role="status">
          {state.name === 'starting' ? sessionCopy.starting : sessionCopy.busy}
        </p>
      </main>
    );
  }
  return (
    <main className={styles.place}>
      <section className={styles.card} aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">{sessionCopy.title}</h1>
        {problem !== null && (
          <p className={styles.problem} role="alert">
            {sessionCopy.problems[problem]}
          </p>
        )}
        <p className={styles.lead}>
          {config.environment === 'development' ? sessionCopy.leadDevelopment : sessionCopy.lead}{' '}
          <b>{location.host + location.pathname}</b>.
        </p>
        <Button look="primary" onClick={() => void session.signIn()} autoFocus>
          {sessionCopy.button}
        </Button>
      </section>
    </main>
  );
}
