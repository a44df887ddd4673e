import type { Simulator } from '../../api/answers.ts';
import { Field, Outcome, Panel, opsStyles } from '../../ops/ops-page.tsx';
import { Button } from '../../ui/button.tsx';
import { simulatorCopy as copy } from './copy.ts';
import styles from './simulator.module.css';
import { useSteer } from './use-simulator.ts';

const rates = Object.entries(copy.rates)
  .map(([rate, label]) => [Number(rate), label] as const)
  .toSorted(([a], [b]) => a - b);

/** How many calls begin by themselves, and one that begins now. */
export function Traffic({ simulator }: { readonly simulator: Simulator }) {
  const steer = useSteer();
  const start = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    steer.mutate({
      action: 'start-call',
      kind: form.get('kind'),
      from: form.get('from'),
      to: form.get('to'),
    });
  };
  return (
    <Panel>
      <div className={opsStyles.section}>
        <fieldset className={styles.rates}>
          <legend>{copy.rate}</legend>
          {rates.map(([rate, label]) => (
            <Button
              key={rate}
              aria-pressed={simulator.callsPerSecond === rate}
              onClick={() => steer.mutate({ action: 'traffic', callsPerSecond: rate })}
            >
              {label}
            </Button>
          ))}
        </fieldset>
        <form className={styles.form} onSubmit={start}>
          <Field label={copy.kind}>
            <select name="kind" defaultValue="inbound">
              {Object.entries(copy.kinds).map(([kind, label]) => (
                <option key={kind} value={kind}>
                  {label}
                </option>
              ))}
            </select>
          </Field>
          <Field label={copy.from}>
            <input
              name="from"
              defaultValue="+31611223344"
              required
              pattern="[+*#0-9]{1,32}"
              inputMode="tel"
            />
          </Field>
          <Field label={copy.to}>
            <select name="to" defaultValue={simulator.phones[0]?.number}>
              {simulator.phones.map(({ number, name }) => (
                <option key={number} value={number}>
                  {number} {name}
                </option>
              ))}
            </select>
          </Field>
          <Button
            look="primary"
            type="submit"
            isBusy={steer.isPending && steer.variables.action === 'start-call'}
          >
            {copy.start}
          </Button>
        </form>
        <p className={opsStyles.quiet}>{copy.startHelp}</p>
        {steer.isError && <Outcome tone="danger">{steer.error.message}</Outcome>}
        {steer.isSuccess && steer.data.call !== null && (
          <Outcome tone="ok">{copy.started(steer.data.call)}</Outcome>
        )}
      </div>
    </Panel>
  );
}
