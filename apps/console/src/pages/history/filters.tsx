import { useRows } from '@trunkline/realtime-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { callsCopy } from '../../calls/copy.ts';
import { nameOfLink } from '../../links/link-words.ts';
import { useMay } from '../../session/session-provider.tsx';
import { useSettings } from '../../settings/use-settings.ts';
import { instantOfLocal, localText } from '../../time/local-time.ts';
import { Button } from '../../ui/button.tsx';
import { historyCopy } from './copy.ts';
import styles from './filters.module.css';
import {
  directions,
  isBackwards,
  isNarrowed,
  noFilter,
  ourCauses,
  ranges,
  type HistoryFilter,
  type Range,
} from './history-filter.ts';

const copy = historyCopy.filters;
const settleMs = 400;

interface FiltersProps {
  readonly filter: HistoryFilter;
  readonly onChange: (change: Partial<HistoryFilter>) => void;
  readonly children: ReactNode;
}

/** What the list is narrowed to. Each choice counts at once and stands in the address. */
export function Filters({ filter, onChange, children }: FiltersProps) {
  const maySeeNumbers = useMay('numbers:read');
  const links = useRows('link');
  return (
    <form className={styles.filters} aria-label={copy.label} onSubmit={(event) => event.preventDefault()}>
      <Field label={copy.range}>
        {(id) => (
          <Choice
            id={id}
            value={filter.range}
            onChange={(range) => onChange({ range: range as Range, from: null, to: null })}
          >
            {ranges.map((range) => (
              <option key={range} value={range}>
                {copy.ranges[range]}
              </option>
            ))}
          </Choice>
        )}
      </Field>
      {filter.range === 'custom' && <CustomTimes filter={filter} onChange={onChange} />}
      <Field label={copy.extension}>
        {(id) => (
          <SettledInput
            id={id}
            size={8}
            value={filter.extension}
            onChange={(extension) => onChange({ extension })}
          />
        )}
      </Field>
      {maySeeNumbers && (
        <Field label={copy.number} hint={copy.numberHint}>
          {(id) => (
            <SettledInput
              id={id}
              size={14}
              placeholder={copy.numberExample}
              value={filter.number}
              onChange={(number) => onChange({ number })}
            />
          )}
        </Field>
      )}
      <Field label={copy.direction}>
        {(id) => (
          <Choice
            id={id}
            value={filter.direction ?? ''}
            onChange={(value) => onChange({ direction: directions.find((one) => one === value) ?? null })}
          >
            <option value="">{copy.any}</option>
            {directions.map((direction) => (
              <option key={direction} value={direction}>
                {callsCopy.directions[direction]}
              </option>
            ))}
          </Choice>
        )}
      </Field>
      <Field label={copy.cause}>
        {(id) => (
          <Choice id={id} value={filter.cause ?? ''} onChange={(cause) => onChange({ cause: cause || null })}>
            <option value="">{copy.any}</option>
            <option value="ours">{copy.ours}</option>
            <Causes label={callsCopy.closedByUs} causes={ourCauses} />
            <Causes
              label={copy.theirs}
              causes={Object.keys(callsCopy.causes).filter(
                (cause) => !ourCauses.some((one) => one === cause),
              )}
            />
          </Choice>
        )}
      </Field>
      {links.length > 1 && (
        <Field label={copy.pbx}>
          {(id) => (
            <Choice id={id} value={filter.pbx ?? ''} onChange={(pbx) => onChange({ pbx: pbx || null })}>
              <option value="">{copy.any}</option>
              {links.map((link) => (
                <option key={link.pbx} value={link.pbx}>
                  {nameOfLink(link)}
                </option>
              ))}
            </Choice>
          )}
        </Field>
      )}
      <div className={styles.actions}>
        {isNarrowed(filter) && (
          <Button look="quiet" onClick={() => onChange(noFilter)}>
            {copy.clear}
          </Button>
        )}
        {children}
      </div>
    </form>
  );
}

function CustomTimes({ filter, onChange }: Pick<FiltersProps, 'filter' | 'onChange'>) {
  const { zone } = useSettings();
  const errorId = useId();
  const wrong = isBackwards(filter) ? copy.backwards : null;
  const value = (at: string | null): string => (at === null ? '' : localText(Date.parse(at), zone));
  return (
    <>
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} label={copy[end]}>
          {(id) => (
            <input
              id={id}
              type="datetime-local"
              defaultValue={value(filter[end])}
              title={zone === 'local' ? undefined : copy.zone(zone)}
              aria-invalid={wrong !== null || undefined}
              aria-describedby={errorId}
              onChange={({ target }) => {
                if (!target.validity.badInput)
                  onChange({ range: 'custom', [end]: instantOfLocal(target.value, zone) });
              }}
            />
          )}
        </Field>
      ))}
      <p id={errorId} className={styles.wrong} role="alert">
        {wrong ?? (filter.from === null && filter.to === null ? copy.anyTimes : null)}
      </p>
    </>
  );
}

const Causes = ({ label, causes }: { readonly label: string; readonly causes: readonly string[] }) => (
  <optgroup label={label}>
    {causes.map((cause) => (
      <option key={cause} value={cause}>
        {callsCopy.causes[cause]}
      </option>
    ))}
  </optgroup>
);

interface InputProps {
  readonly id: string;
  readonly value: string;
  readonly size: number;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

/** Asks when one has stopped typing, or has pressed Enter. */
function SettledInput({ id, value, size, placeholder, onChange }: InputProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (next: string) => {
    clearTimeout(timer.current);
    told.current = next.trim();
    onChange(next.trim());
  };
  return (
    <input
      id={id}
      value={text}
      size={size}
      placeholder={placeholder}
      maxLength={64}
      autoComplete="off"
      onChange={({ target }) => {
        setText(target.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => tell(target.value), settleMs);
      }}
      onKeyDown={({ key }) => key === 'Enter' && tell(text)}
    />
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

const Choice = ({ id, value, onChange, children }: ChoiceProps) => (
  <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
    {children}
  </select>
);

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}

function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field} title={hint}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
