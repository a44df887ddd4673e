import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { incomingCopy } from './copy.ts';

const ringingIcon = '/favicon-ringing.svg';

/** While calls ring the tab says so, in words and by the diamond, for those who look at another one. */
export function useRingingTitle(count: number): void {
  const [path] = useLocation();
  useEffect(() => {
    if (count === 0) return undefined;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const before = icon?.getAttribute('href') ?? '';
    const title = document.title;
    document.title = incomingCopy.windowTitle(count);
    icon?.setAttribute('href', ringingIcon);
    return () => {
      // A page that was opened meanwhile has a title of its own.
      if (document.title === incomingCopy.windowTitle(count)) document.title = title;
      icon?.setAttribute('href', before);
    };
  }, [count, path]);
}
