import { Pause, Play } from 'lucide-react';
import type { Sound } from './sound.ts';
import { IconButton } from '../ui/button.tsx';
import { recordingsCopy as copy } from './copy.ts';
import { clockOf } from './peaks.ts';
import styles from './player.module.css';
import { usePlayer } from './use-player.ts';
import { Waveform } from './waveform.tsx';

const speeds = [0.75, 1, 1.25, 1.5, 2] as const;
/** How far an arrow key goes, in seconds. */
const stepSeconds = 5;

/** Hears a recording: place, speed, and all of it by keys, since its parts are a button, a slider and a list. */
export function Player({ sound, seconds }: { readonly sound: Sound; readonly seconds: number | null }) {
  const { audio, state, toggle, seek, setSpeed } = usePlayer(seconds);
  const { isPlaying, at, isBroken } = state;
  const length = Math.max(state.seconds, 0.01);
  return (
    <div className={styles.player}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody has written down what is said on the phone */}
      <audio ref={audio} src={sound.address} preload="auto" />
      <IconButton label={isPlaying ? copy.pause : copy.play} onClick={toggle} disabled={isBroken}>
        {isPlaying ? <Pause size={18} aria-hidden /> : <Play size={18} aria-hidden />}
      </IconButton>
      <div className={styles.track}>
        {sound.peaks !== null && <Waveform peaks={sound.peaks} share={at / length} />}
        <input
          type="range"
          aria-label={copy.place}
          aria-valuetext={copy.of(clockOf(at), clockOf(state.seconds))}
          min={0}
          max={length}
          step={0.1}
          value={at}
          data-over={sound.peaks !== null || undefined}
          onChange={({ target }) => seek(Number(target.value))}
          onKeyDown={(event) => {
            const by = { ArrowRight: stepSeconds, ArrowLeft: -stepSeconds }[event.key];
            if (by === undefined) return;
            event.preventDefault();
            seek(Math.min(length, Math.max(0, at + by)));
          }}
        />
      </div>
      <span className={styles.clock}>
        {clockOf(at)} / {clockOf(state.seconds)}
      </span>
      <select
        className={styles.speed}
        aria-label={copy.speed}
        value={state.speed}
        onChange={({ target }) => setSpeed(Number(target.value))}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {copy.speedOf(speed)}
          </option>
        ))}
      </select>
      {isBroken && <p role="alert">{copy.broken}</p>}
    </div>
  );
}
