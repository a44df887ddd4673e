import { Suspense, lazy, useEffect, useRef } from 'react';
import { Link, Redirect, Route, Switch, useLocation, useSearchParams } from 'wouter';
import { IncomingDialogs } from '../incoming/incoming-dialogs.tsx';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { pages, type PageRoute } from '../routes.ts';
import { usePerson, useSessionState } from '../session/session-provider.tsx';
import { SignInCard } from '../session/sign-in-card.tsx';
import { Notice } from '../ui/notice.tsx';
import { Bar } from './bar.tsx';
import { shellCopy } from './copy.ts';
import { PageBoundary } from './page-boundary.tsx';
import { closePanel, openHelp, openPalette, useOpenPanel } from './panels.ts';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';
import { TroubleStrip } from './trouble-strip.tsx';

const HelpDialog = lazy(async () => ({ default: (await import('./help-dialog.tsx')).HelpDialog }));
const Palette = lazy(async () => ({ default: (await import('../palette/palette.tsx')).Palette }));
const SettingsPanel = lazy(async () => ({
  default: (await import('../settings/settings-panel.tsx')).SettingsPanel,
}));

/** The frame: bar, rail, what is wrong, and the page. */
export function Shell() {
  const state = useSessionState();
  if (state.name !== 'signed-in' && state.name !== 'ended') return <SignInCard />;
  return (
    <>
      <Switch>
        <Route path="/">
          <Redirect to="/wall" replace />
        </Route>
        {pages.map((route) => (
          <Route key={route.path} path={route.path}>
            <Framed route={route} />
          </Route>
        ))}
        <Route>
          <Framed route={null} />
        </Route>
      </Switch>
      <IncomingDialogs />
    </>
  );
}

function Framed({ route }: { readonly route: PageRoute | null }) {
  const [params] = useSearchParams();
  const title = route?.title ?? shellCopy.notFound;
  useShortcut('?', shellCopy.shortcuts, shellCopy.help.sections[2], openHelp);
  useShortcut('Mod+k', shellCopy.palette, shellCopy.help.sections[2], openPalette);
  useEffect(() => {
    document.title = `${title} · ${shellCopy.product}`;
  }, [title]);
  const page = <PageOrWord route={route} />;
  if (params.get('mode') === 'wall') {
    return (
      <div className={styles.wall}>
        <TroubleStrip />
        <main className={styles.main}>{page}</main>
      </div>
    );
  }
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#page">
        {shellCopy.skip}
      </a>
      <Rail />
      <div className={styles.column}>
        <Bar title={title} />
        <TroubleStrip />
        <Main>{page}</Main>
      </div>
      <Panels />
    </div>
  );
}

/** After a change of page the focus begins at its top, as after a change of document. */
function Main({ children }: { readonly children: React.ReactNode }) {
  const [path] = useLocation();
  const element = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) element.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return (
    <main id="page" tabIndex={-1} ref={element} className={styles.main}>
      {children}
    </main>
  );
}

function PageOrWord({ route }: { readonly route: PageRoute | null }) {
  const person = usePerson();
  if (route === null) {
    return (
      <Notice title={shellCopy.notFound} action={<Link href="/wall">{shellCopy.toStart}</Link>}>
        {shellCopy.notFoundLead}
      </Notice>
    );
  }
  const { Page, scope, title, path } = route;
  if (person?.scopes.has(scope) !== true) {
    return <Notice title={shellCopy.forbidden(title.toLowerCase(), scope)} />;
  }
  return (
    <PageBoundary page={path}>
      <Suspense fallback={null}>
        <Page />
      </Suspense>
    </PageBoundary>
  );
}

function Panels() {
  const open = useOpenPanel();
  return (
    <Suspense fallback={null}>
      {open === 'help' && <HelpDialog />}
      {open === 'palette' && <Palette />}
      {open === 'settings' && <SettingsPanel onClose={closePanel} />}
    </Suspense>
  );
}
