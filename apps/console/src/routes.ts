import {
  Activity,
  FlaskConical,
  Gauge,
  History,
  Hourglass,
  Eraser,
  LayoutGrid,
  MailX,
  Phone,
  ArrowLeftRight,
  BookUser,
  Waves,
  type LucideIcon,
} from 'lucide-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { LiveCount } from './calls/live-count.tsx';
import { DeadLetterCount } from './ops/dead-letter-count.tsx';
import { LinksCount } from './links/links-count.tsx';
import type { Scope } from './session/access.ts';
import type { Config } from './session/config.ts';

/** A page, and all that the frame needs to know of it. Whoever builds a page adds a line to `pages` below. */
export interface PageRoute {
  /** As wouter matches it: `/calls`, `/calls/:pbx/:call`. */
  readonly path: string;
  /** The h1 in the bar and the first part of the title of the document. */
  readonly title: string;
  /** Who may see it. Without the scope it is not in the rail, and a pasted link says what is missing. */
  readonly scope: Scope;
  /** Where it exists at all; everywhere unless told otherwise. */
  readonly isThere?: (config: Config) => boolean;
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
  page(
    {
      path: '/contacts',
      title: 'Contacts',
      scope: 'contacts:read',
      rail: { section: 'supervisors', label: 'Contacts', Icon: BookUser, key: 'b' },
    },
    () => import('./pages/contacts/page.tsx'),
  ),
  page(
    { path: '/contacts/:contact', title: 'Contact', scope: 'contacts:read' },
    () => import('./pages/contact/page.tsx'),
  ),
  page(
    { path: '/imports', title: 'Imports of contacts', scope: 'contacts:write' },
    () => import('./pages/imports/page.tsx'),
  ),
  page(
    { path: '/imports/:import', title: 'Import of contacts', scope: 'contacts:read' },
    () => import('./pages/import/page.tsx'),
  ),
  page(
    {
      path: '/ops',
      title: 'Overview',
      scope: 'ops:read',
      rail: { section: 'operators', label: 'Overview', Icon: Gauge, key: 'o' },
    },
    () => import('./pages/overview/page.tsx'),
  ),
  page(
    {
      path: '/ops/links',
      title: 'PBX links',
      scope: 'ops:read',
      rail: { section: 'operators', label: 'Links', Icon: ArrowLeftRight, key: 'l', Count: LinksCount },
    },
    () => import('./pages/links/page.tsx'),
  ),
  page(
    { path: '/ops/links/:pbx', title: 'PBX link', scope: 'ops:read' },
    () => import('./pages/link/page.tsx'),
  ),
  page(
    {
      path: '/ops/cleanup',
      title: 'Cleanup runs',
      scope: 'ops:read',
      rail: { section: 'operators', label: 'Cleanup', Icon: Eraser, key: 'n' },
    },
    () => import('./pages/cleanup/page.tsx'),
  ),
  page(
    { path: '/ops/cleanup/:run', title: 'Cleanup run', scope: 'ops:read' },
    () => import('./pages/cleanup-run/page.tsx'),
  ),
  page(
    {
      path: '/ops/stuck',
      title: 'Stuck calls',
      scope: 'ops:read',
      rail: { section: 'operators', label: 'Stuck', Icon: Hourglass, key: 's' },
    },
    () => import('./pages/stuck/page.tsx'),
  ),
  page(
    {
      path: '/ops/dead-letters',
      title: 'Dead letters',
      scope: 'ops:read',
      rail: { section: 'operators', label: 'Dead letters', Icon: MailX, key: 'd', Count: DeadLetterCount },
    },
    () => import('./pages/dead-letters/page.tsx'),
  ),
  page(
    {
      path: '/ops/streams',
      title: 'Streams and queues',
      scope: 'platform:read',
      rail: { section: 'operators', label: 'Streams', Icon: Waves, key: 'q' },
    },
    () => import('./pages/streams/page.tsx'),
  ),
  page(
    {
      path: '/ops/delivery',
      title: 'Delivery',
      scope: 'ops:read',
      rail: { section: 'operators', label: 'Delivery', Icon: Activity, key: 'e' },
    },
    () => import('./pages/delivery/page.tsx'),
  ),
  page(
    {
      path: '/ops/simulator',
      title: 'Simulator',
      scope: 'ops:write',
      isThere: ({ simulator }) => simulator,
      rail: { section: 'operators', label: 'Simulator', Icon: FlaskConical, key: 'i' },
    },
    () => import('./pages/simulator/page.tsx'),
  ),
];

/** Which page of the rail an address belongs to: `/ops/links/4` to `/ops/links`, and not to `/ops`. */
export function railPathOf(location: string): string | null {
  const above = pages
    .filter(({ rail, path }) => rail !== undefined && (location === path || location.startsWith(`${path}/`)))
    .map(({ path }) => path)
    .toSorted((a, b) => b.length - a.length);
  return above[0] ?? null;
}
