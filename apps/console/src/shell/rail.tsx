import { Ellipsis, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { usePerson, useSession } from '../session/session-provider.tsx';
import { pages, railPathOf, type PageRoute } from '../routes.ts';
import { settingsStore, useSettings } from '../settings/use-settings.ts';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { shellCopy } from './copy.ts';
import styles from './rail.module.css';

/** A phone's bottom bar has room for so many, and for More. */
const onPhoneMax = 3;

/** The pages that this person may see: supervisors' above the line, operators' below. At the bottom on phones. */
export function Rail() {
  const person = usePerson();
  const { config } = useSession();
  const { isRailNarrow } = useSettings();
  const shown = pages.filter(
    ({ rail, scope, isThere }) =>
      rail !== undefined && person?.scopes.has(scope) === true && isThere?.(config) !== false,
  );
  const label = isRailNarrow ? shellCopy.wide : shellCopy.narrow;
  return (
    <nav className={styles.rail} aria-label={shellCopy.nav} data-narrow={isRailNarrow || undefined}>
      <Link href="/wall" className={styles.brand}>
        <Mark />
        <span className={styles.word}>{shellCopy.product}</span>
      </Link>
      {(['supervisors', 'operators'] as const).map((section) => (
        <ul key={section} className={styles.section} aria-label={shellCopy[section]}>
          {shown.map((route, index) =>
            route.rail?.section === section ? (
              <RailItem key={route.path} route={route} isOnPhone={index < onPhoneMax} />
            ) : null,
          )}
        </ul>
      ))}
      <MoreOnPhone routes={shown.slice(onPhoneMax)} />
      <IconButton
        className={styles.toggle ?? ''}
        label={label}
        aria-expanded={!isRailNarrow}
        onClick={() => settingsStore.set({ isRailNarrow: !isRailNarrow })}
      >
        {isRailNarrow ? <PanelLeftOpen size={18} aria-hidden /> : <PanelLeftClose size={18} aria-hidden />}
      </IconButton>
    </nav>
  );
}

function RailItem({ route, isOnPhone }: { readonly route: PageRoute; readonly isOnPhone: boolean }) {
  const [location, navigate] = useLocation();
  const { rail, path, title } = route;
  useShortcut(`g ${rail?.key}`, title, shellCopy.help.sections[0], () => navigate(path));
  if (rail === undefined) return null;
  const { Icon, label, Count } = rail;
  const isHere = railPathOf(location) === path;
  return (
    <li data-phone={isOnPhone || undefined}>
      <Link
        href={path}
        className={styles.item}
        aria-current={isHere ? 'page' : undefined}
        onPointerEnter={() => void route.load().catch(() => undefined)}
      >
        <Icon size={18} aria-hidden />
        <span className={styles.word}>{label}</span>
        {Count !== undefined && (
          <span className={styles.count}>
            <Count />
          </span>
        )}
      </Link>
    </li>
  );
}

function MoreOnPhone({ routes }: { readonly routes: readonly PageRoute[] }) {
  const [, navigate] = useLocation();
  if (routes.length === 0) return null;
  return (
    <div className={styles.more}>
      <Menu
        trigger={
          <button type="button" className={styles.item}>
            <Ellipsis size={18} aria-hidden />
            <span className={styles.word}>{shellCopy.more}</span>
          </button>
        }
      >
        {routes.map(({ path, rail }) => (
          <MenuItem key={path} onSelect={() => navigate(path)}>
            {rail?.label}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

/** The sign of the product: a line that ends in a phone. */
const Mark = () => (
  <svg className={styles.mark} viewBox="0 0 32 32" width="24" height="24" aria-hidden>
    <rect width="32" height="32" rx="7" fill="var(--accent)" />
    <path d="M7 10h18M16 10v14" stroke="var(--on-accent)" strokeWidth="3.2" strokeLinecap="round" />
    <circle cx="16" cy="24" r="2.6" fill="var(--on-accent)" />
  </svg>
);
