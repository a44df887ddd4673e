import { sparkPath, type Sample } from './spark-path.ts';
import styles from './sparkline.module.css';

const width = 128;
const height = 24;

/** A small picture of how something went; the figures stand beside it, in words. */
export function Sparkline({
  samples,
  label,
}: {
  readonly samples: readonly Sample[];
  readonly label: string;
}) {
  const path = sparkPath(samples, width, height);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {path !== null && (
        <>
          <path className={styles.area} d={path.area} />
          <path className={styles.line} d={path.line} />
        </>
      )}
    </svg>
  );
}
