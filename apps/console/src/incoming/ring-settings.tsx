import { useId, useState } from 'react';
import { settingsStore, useSettings } from '../settings/use-settings.ts';
import { Button } from '../ui/button.tsx';
import { incomingCopy } from './copy.ts';
import { useSound } from './incoming-provider.tsx';
import { readPhones } from './read-phones.ts';
import styles from './ring-settings.module.css';

const copy = incomingCopy.settings;

/** Which phones ring on this device, and how loud. */
export function RingSettings() {
  const { myPhones, followsAll, ringsForAll, volume, notifies, announces } = useSettings();
  const { test } = useSound();
  const id = useId();
  const [text, setText] = useState(myPhones.join(', '));
  const [isRefused, setRefused] = useState(false);
  const notify = async (isOn: boolean) => {
    const isAllowed = isOn && (await Notification.requestPermission()) === 'granted';
    settingsStore.set({ notifies: isAllowed });
    setRefused(isOn && !isAllowed);
  };
  return (
    <fieldset className={styles.group}>
      <legend>{copy.heading}</legend>
      <label htmlFor={`${id}-mine`}>{copy.mine}</label>
      <input
        id={`${id}-mine`}
        aria-describedby={`${id}-hint`}
        value={text}
        autoComplete="off"
        onChange={({ target }) => {
          setText(target.value);
          settingsStore.set({ myPhones: readPhones(target.value) });
        }}
      />
      <small id={`${id}-hint`}>{copy.mineHint}</small>
      <Check name="followsAll" label={copy.followsAll} isOn={followsAll} />
      {followsAll && <Check name="ringsForAll" label={copy.ringsForAll} isOn={ringsForAll} />}
      <label htmlFor={`${id}-volume`}>{copy.volume}</label>
      <span className={styles.volume}>
        <input
          id={`${id}-volume`}
          type="range"
          min={0}
          max={100}
          step={5}
          value={volume}
          onChange={({ target }) => settingsStore.set({ volume: target.valueAsNumber })}
        />
        <output htmlFor={`${id}-volume`}>{volume}</output>
        <Button onClick={() => void test()}>{incomingCopy.bell.test}</Button>
      </span>
      {'Notification' in globalThis && (
        <Check
          label={copy.notifies}
          hint={isRefused ? copy.notifiesRefused : copy.notifiesHint}
          isOn={notifies}
          onChange={(isOn) => void notify(isOn)}
        />
      )}
      <Check name="announces" label={copy.announces} hint={copy.announcesHint} isOn={announces} />
    </fieldset>
  );
}

interface CheckProps {
  readonly name?: 'followsAll' | 'ringsForAll' | 'announces';
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  /** Instead of setting what it is named for. */
  readonly onChange?: (isOn: boolean) => void;
}

const Check = ({ name, label, hint, isOn, onChange }: CheckProps) => (
  <label className={styles.check}>
    <input
      type="checkbox"
      checked={isOn}
      onChange={({ target: { checked } }) => {
        if (name !== undefined) settingsStore.set({ [name]: checked });
        onChange?.(checked);
      }}
    />
    <span>
      {label}
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
);
