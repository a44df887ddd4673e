import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import styles from './side-panel.module.css';

interface SidePanelProps {
  readonly title: ReactNode;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Everything about one thing, beside the list it was chosen from; over it where there is no room. Put it in a `SplitView`. */
export function SidePanel({ title, closeLabel, onClose, children }: SidePanelProps) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside className={styles.panel} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton label={closeLabel} onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}

/** A list that scrolls, and beside it a panel that scrolls by itself. */
export const SplitView = ({
  children,
  panel,
}: {
  readonly children: ReactNode;
  readonly panel: ReactNode;
}) => (
  <div className={styles.split}>
    <div className={styles.list}>{children}</div>
    {panel}
  </div>
);
