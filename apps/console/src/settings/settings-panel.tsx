import { useId, type ReactNode } from 'react';
import { RingSettings } from '../incoming/ring-settings.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { settingsCopy as copy } from './copy.ts';
import styles from './settings-panel.module.css';
import type { Settings } from './settings.ts';
import { settingsStore, useSettings } from './use-settings.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** What a person may choose for this device. */
export function SettingsPanel({ onClose }: { readonly onClose: () => void }) {
  const settings = useSettings();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Dialog isOpen onClose={onClose} title={copy.title} place="panel">
      <p className={styles.lead}>{copy.lead}</p>
      <Choice name="theme" label={copy.theme} choices={copy.themes} value={settings.theme} />
      <Choice name="density" label={copy.density} choices={copy.densities} value={settings.density} />
      <Field label={copy.zone} hint={copy.zoneHint}>
        {(id) => (
          <select
            id={id}
            value={settings.zone}
            onChange={({ target }) => settingsStore.set({ zone: target.value })}
          >
            <option value="local">{copy.zoneLocal(own)}</option>
            {zones.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        )}
      </Field>
      <NumberField
        name="ringingLongSeconds"
        label={copy.ringing}
        unit={copy.seconds}
        min={5}
        max={600}
        value={settings.ringingLongSeconds}
      />
      <NumberField
        name="talkingLongMinutes"
        label={copy.talking}
        unit={copy.minutes}
        min={1}
        max={1_440}
        value={settings.talkingLongMinutes}
      />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={settings.shortcuts}
          onChange={({ target }) => settingsStore.set({ shortcuts: target.checked })}
        />
        <span>
          {copy.keys}
          <small>{copy.keysHint}</small>
        </span>
      </label>
      <RingSettings />
    </Dialog>
  );
}

function Choice<Name extends 'theme' | 'density'>({
  name,
  label,
  choices,
  value,
}: {
  readonly name: Name;
  readonly label: string;
  readonly choices: Readonly<Record<Settings[Name], string>>;
  readonly value: Settings[Name];
}) {
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {(Object.entries(choices) as [Settings[Name], string][]).map(([choice, text]) => (
        <label key={choice}>
          <input
            type="radio"
            name={name}
            checked={choice === value}
            onChange={() => settingsStore.set({ [name]: choice })}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function NumberField(props: {
  readonly name: 'ringingLongSeconds' | 'talkingLongMinutes';
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
}) {
  const { name, label, unit, min, max, value } = props;
  return (
    <Field label={label}>
      {(id) => (
        <span className={styles.number}>
          <input
            id={id}
            type="number"
            min={min}
            max={max}
            defaultValue={value}
            onChange={({ target }) => {
              if (target.validity.valid && target.value !== '')
                settingsStore.set({ [name]: target.valueAsNumber });
            }}
          />
          {unit}
        </span>
      )}
    </Field>
  );
}

function Field({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint !== undefined && <small>{hint}</small>}
    </div>
  );
}
