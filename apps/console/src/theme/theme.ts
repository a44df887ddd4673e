import type { Settings } from '../settings/settings.ts';

/** Which theme counts: the address, then the settings, then the system. Wall mode is dark unless told otherwise. */
export function themeFor(search: string, chosen: Settings['theme'], systemIsDark: boolean): 'light' | 'dark' {
  const params = new URLSearchParams(search);
  const wanted = params.get('theme') ?? chosen;
  if (wanted === 'light' || wanted === 'dark') return wanted;
  return systemIsDark || params.get('mode') === 'wall' ? 'dark' : 'light';
}

/** Keeps the page in the theme that counts, whatever changes. Returns a function that looks again. */
export function followTheme(settings: {
  get(): Settings;
  subscribe(listener: () => void): () => void;
}): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme, density } = settings.get();
    const { dataset } = document.documentElement;
    dataset['theme'] = themeFor(location.search, theme, system.matches);
    dataset['density'] = density;
  };
  system.addEventListener('change', apply);
  settings.subscribe(apply);
  apply();
  return apply;
}
