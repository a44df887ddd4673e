import { History, LayoutGrid, Phone, type LucideIcon } from 'lucide-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { LiveCount } from './calls/live-count.tsx';
import type { Scope } from './session/access.ts';

/** A page, and all that the frame needs to know of it. Whoever builds a page adds a line to `pages` below. */
export interface PageRoute {
  /** As wouter matches it: `/calls`, `/calls/:pbx/:call`. */
  readonly path: string;
  /** The h1 in the bar and the first part of the title of the document. */
  readonly title: string;
  /** Who may see it. Without the scope it is not in the rail, and a pasted link says what is missing. */
  readonly scope: Scope;
  readonly Page: LazyExoticComponent<ComponentType>;
  /** Fetches the code ahead of time. */
  readonly load: () => Promise<unknown>;
  /** Where the rail shows it; a page without is reached by links only. */
  readonly rail?: {
    readonly section: 'supervisors' | 'operators';
    readonly label: string;
    readonly Icon: LucideIcon;
    /** `g` and then this key goes there. */
    readonly key: string;
    /** How many things a person should act on. It renders nothing where there are none. Small: it is not lazy. */
    readonly Count?: ComponentType;
  };
}

type Loaded = Promise<{ readonly Page: ComponentType }>;

function page(route: Omit<PageRoute, 'Page' | 'load'>, load: () => Loaded): PageRoute {
  return { ...route, load, Page: lazy(async () => ({ default: (await load()).Page })) };
}

/** In the order of the rail. The module of a page exports it as `Page`. */
export const pages: readonly PageRoute[] = [
  page(
    {
      path: '/wall',
      title: 'Wallboard',
      scope: 'calls:read',
      rail: { section: 'supervisors', label: 'Wall', Icon: LayoutGrid, key: 'w' },
    },
    () => import('./pages/wall/page.tsx'),
  ),
  page(
    {
      path: '/calls',
      title: 'Live calls',
      scope: 'calls:read',
      rail: { section: 'supervisors', label: 'Calls', Icon: Phone, key: 'c', Count: LiveCount },
    },
    () => import('./pages/calls/page.tsx'),
  ),
  page(
    { path: '/calls/:pbx/:call', title: 'Call', scope: 'calls:read' },
    () => import('./pages/call/page.tsx'),
  ),
  page(
    {
      path: '/history',
      title: 'History',
      scope: 'calls:read',
      rail: { section: 'supervisors', label: 'History', Icon: History, key: 'h' },
    },
    () => import('./pages/history/page.tsx'),
  ),
];
