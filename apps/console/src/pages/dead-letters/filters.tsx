import { opsCopy } from '../../ops/copy.ts';
import { Field, opsStyles } from '../../ops/ops-page.tsx';
import { PbxSelect } from '../../ops/pbx-select.tsx';
import { lettersCopy as copy } from './copy.ts';
import type { useLetterFilter } from './use-letters.ts';

interface FiltersProps {
  readonly filter: ReturnType<typeof useLetterFilter>;
  readonly workers: readonly string[];
}

export function Filters({ filter, workers }: FiltersProps) {
  const { state, setState, pbx, setPbx, worker, setWorker } = filter;
  const names = [...new Set([...workers, ...(worker === '' ? [] : [worker])])];
  return (
    <div className={opsStyles.form}>
      <Field label={copy.state}>
        <select value={state} onChange={({ target: { value } }) => setState(value === 'parked' ? '' : value)}>
          {Object.entries(copy.states).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <PbxSelect value={pbx} onChange={setPbx} />
      <Field label={copy.worker}>
        <select value={worker} onChange={(event) => setWorker(event.target.value)}>
          <option value="">{opsCopy.all}</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Field>
    </div>
  );
}
