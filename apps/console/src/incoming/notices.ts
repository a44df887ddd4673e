import type { Ring } from './incoming.ts';

export interface NoticesWorld {
  /** Somebody wants them, may have them, and looks at something else. */
  readonly isWanted: () => boolean;
  /** One of the system; another with the same tag takes its place. */
  readonly show: (ring: Ring) => { readonly close: () => void };
}

/** A notice of the system for each call that rings while nobody looks, closed with the ring itself. */
export function createNotices({ isWanted, show }: NoticesWorld) {
  const shown = new Map<string, { readonly close: () => void }>();
  return {
    /** Of each call there is one at most: closed by hand it does not come again. */
    follow(rings: ReadonlyMap<string, Ring>): void {
      for (const [key, notice] of shown) {
        if (rings.get(key)?.phase === 'ringing') continue;
        notice.close();
        shown.delete(key);
      }
      if (!isWanted()) return;
      for (const [key, ring] of rings)
        if (ring.phase === 'ringing' && ring.mayRing && !ring.isSilenced && !shown.has(key))
          shown.set(key, show(ring));
    },
  };
}
