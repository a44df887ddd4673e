import { Download } from 'lucide-react';
import type { Query } from '../../api/api.ts';
import { useSettings } from '../../settings/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { historyCopy } from './copy.ts';
import styles from './export-button.module.css';
import { useExport } from './use-export.ts';

const copy = historyCopy.export;

/** Everything that the filter lets through, shown or not. */
export function ExportButton({ query, isEmpty }: { readonly query: Query; readonly isEmpty: boolean }) {
  const { zone } = useSettings();
  const { exporting, run, cancel } = useExport();
  const isRunning = exporting.state === 'running';
  return (
    <span className={styles.export}>
      {isRunning ? (
        <Button onClick={cancel}>{copy.cancel}</Button>
      ) : (
        <Button disabled={isEmpty} onClick={() => void run(query, zone)}>
          <Download size={16} aria-hidden />
          {copy.action}
        </Button>
      )}
      <span className={styles.told} role="status" data-state={exporting.state}>
        {isRunning && copy.running}
        {(exporting.state === 'done' || exporting.state === 'failed') && exporting.text}
      </span>
    </span>
  );
}
