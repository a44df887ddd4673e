import styles from './player.module.css';

const height = 48;
const gap = 1;
const bar = 2;

/** The outline of a sound, what was heard in another colour. It is for the eyes: the slider over it says the same to everybody. */
export function Waveform({ peaks, share }: { readonly peaks: readonly number[]; readonly share: number }) {
  const step = bar + gap;
  return (
    <svg
      className={styles.waveform}
      viewBox={`0 0 ${peaks.length * step} ${height}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      {peaks.map((peak, index) => {
        const tall = Math.max(2, peak * height);
        return (
          <rect
            key={index}
            x={index * step}
            y={(height - tall) / 2}
            width={bar}
            height={tall}
            data-heard={index / peaks.length < share || undefined}
          />
        );
      })}
    </svg>
  );
}
