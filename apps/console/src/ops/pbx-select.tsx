import { usePbxs } from '../links/use-pbxs.ts';
import { opsCopy } from './copy.ts';
import { Field } from './ops-page.tsx';

/** Of which PBX; all of them unless one is chosen. */
export function PbxSelect({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (pbx: string) => void;
}) {
  const { data } = usePbxs();
  const items = data?.items ?? [];
  return (
    <Field label={opsCopy.pbx}>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{opsCopy.all}</option>
        {value !== '' && !items.some(({ pbx }) => pbx === value) && (
          <option value={value}>{value.slice(0, 8)}</option>
        )}
        {items.map(({ pbx, name }) => (
          <option key={pbx} value={pbx}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}
