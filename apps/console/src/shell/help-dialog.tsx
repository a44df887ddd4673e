import { useShortcutList } from '../keyboard/use-shortcut.ts';
import { useSettings } from '../settings/use-settings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { shellCopy } from './copy.ts';
import styles from './help-dialog.module.css';
import { closePanel } from './panels.ts';

const copy = shellCopy.help;

/** Every key that does something where one is now. */
export function HelpDialog() {
  const shortcuts = useShortcutList();
  const { shortcuts: isOn } = useSettings();
  const seen = new Set<string>();
  const listed = shortcuts.filter(({ keys, label }) => {
    if (label === '' || seen.has(keys)) return false;
    seen.add(keys);
    return true;
  });
  return (
    <Dialog isOpen onClose={closePanel} title={copy.title}>
      {!isOn && <p className={styles.off}>{copy.off}</p>}
      {copy.sections.map((section) => (
        <section key={section} className={styles.section}>
          <h3>{section}</h3>
          <dl>
            {listed
              .filter((shortcut) => shortcut.section === section)
              .map(({ keys, label }) => (
                <div key={keys}>
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

function Keys({ keys }: { readonly keys: string }) {
  const [first = '', second] = keys === ' ' ? ['Space'] : keys.split(' ');
  return (
    <>
      <kbd>{first.replace('Mod+', 'Ctrl ')}</kbd>
      {second !== undefined && (
        <>
          {` ${copy.between} `}
          <kbd>{second}</kbd>
        </>
      )}
    </>
  );
}
