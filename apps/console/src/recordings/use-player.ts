import { useCallback, useEffect, useRef, useState } from 'react';

export interface PlayerState {
  readonly isPlaying: boolean;
  readonly at: number;
  readonly seconds: number;
  readonly speed: number;
  readonly isBroken: boolean;
}

/** Who plays just now: two at once nobody can follow. */
let playing: HTMLAudioElement | null = null;

/** What an audio element does, as React can show it, and what can be done with it. */
export function usePlayer(seconds: number | null) {
  const audio = useRef<HTMLAudioElement>(null);
  const [state, setState] = useState<PlayerState>({
    isPlaying: false,
    at: 0,
    seconds: seconds ?? 0,
    speed: 1,
    isBroken: false,
  });
  useEffect(() => {
    const element = audio.current;
    if (element === null) return undefined;
    const look = () =>
      setState((before) => ({
        ...before,
        isPlaying: !element.paused && !element.ended,
        at: element.currentTime,
        seconds: Number.isFinite(element.duration) ? element.duration : before.seconds,
        speed: element.playbackRate,
      }));
    const begin = () => {
      if (playing !== element) playing?.pause();
      playing = element;
      look();
    };
    const fail = () => setState((before) => ({ ...before, isBroken: true, isPlaying: false }));
    const looked = ['timeupdate', 'pause', 'ended', 'seeked', 'durationchange', 'ratechange'] as const;
    for (const name of looked) element.addEventListener(name, look);
    element.addEventListener('play', begin);
    element.addEventListener('error', fail);
    return () => {
      for (const name of looked) element.removeEventListener(name, look);
      element.removeEventListener('play', begin);
      element.removeEventListener('error', fail);
      element.pause();
      if (playing === element) playing = null;
    };
  }, []);
  const toggle = useCallback(() => {
    const element = audio.current;
    if (element === null) return;
    if (element.paused || element.ended)
      void element.play().catch(() => setState((before) => ({ ...before, isBroken: true })));
    else element.pause();
  }, []);
  const seek = useCallback((at: number) => {
    if (audio.current !== null) audio.current.currentTime = at;
  }, []);
  const setSpeed = useCallback((speed: number) => {
    if (audio.current !== null) audio.current.playbackRate = speed;
  }, []);
  return { audio, state, toggle, seek, setSpeed };
}
