import { useEffect } from 'react';
import type { VisibleParts } from './visible-parts.ts';

/** Low and high together make a second. */
const halfMs = 500;

/**
 * What rings pulses in phase, by an attribute of the parts on screen. An animation for each badge would be a layer for each,
 * and hundreds of layers are put together anew with every picture.
 */
export function useBeat(parts: VisibleParts): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      const beat = Math.floor(Date.now() / halfMs) % 2 === 0 ? 'high' : 'low';
      for (const part of parts.all()) part.setAttribute('data-beat', beat);
    }, halfMs);
    return () => clearInterval(timer);
  }, [parts]);
}
