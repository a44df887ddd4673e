import { Link } from 'wouter';
import type { Simulator } from '../../api/answers.ts';
import { Outcome, opsStyles } from '../../ops/ops-page.tsx';
import { Button } from '../../ui/button.tsx';
import { simulatorCopy as copy } from './copy.ts';
import { faults } from './faults.ts';
import styles from './simulator.module.css';
import { useSteer } from './use-simulator.ts';

/** What can go wrong, each with what should be seen, and where. */
export function FaultCards({ simulator }: { readonly simulator: Simulator }) {
  const steer = useSteer();
  const active = new Set(simulator.faults.map(({ action }) => action));
  if (simulator.blockedUntil !== null) active.add('block-address');
  if (!simulator.isUp) active.add('restart');
  return (
    <ul className={styles.faults}>
      {faults.map(({ action, title, button, does, see, where, details }) => (
        <li key={action} className={styles.fault} data-active={active.has(action) || undefined}>
          <h3>
            {title}
            {active.has(action) && <span className={styles.active}>{copy.lasting}</span>}
          </h3>
          <p>{does}</p>
          <p className={styles.see}>
            <b>{copy.see}</b>
            {see}
          </p>
          <div className={opsStyles.row}>
            <Button
              isBusy={steer.isPending && steer.variables.action === action}
              onClick={() => steer.mutate({ action, ...details })}
            >
              {button}
            </Button>
            {where.map(([href, label]) => (
              <Link key={href} href={href}>
                {label}
              </Link>
            ))}
          </div>
          {steer.variables?.action === action && steer.isError && (
            <Outcome tone="danger">{steer.error.message}</Outcome>
          )}
          {steer.variables?.action === action && steer.isSuccess && (
            <Outcome tone="ok">{copy.did(title.toLowerCase())}</Outcome>
          )}
        </li>
      ))}
    </ul>
  );
}
