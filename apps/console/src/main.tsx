import './theme/tokens.css';
import './theme/icons.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { createApi } from './api/api.ts';
import { createQueryClient } from './api/query-client.ts';
import { App, type World } from './app.tsx';
import { listenToKeys } from './keyboard/use-shortcut.ts';
import { createLive } from './live/create-live.ts';
import { pages, railPathOf } from './routes.ts';
import { readConfig } from './session/config.ts';
import { sessionCopy } from './session/copy.ts';
import { createSession } from './session/session.ts';
import { settingsStore } from './settings/use-settings.ts';
import { followTheme } from './theme/theme.ts';
import { watchVersion } from './shell/new-version.ts';
import { serverClock } from './time/server-clock.ts';
import { Button } from './ui/button.tsx';
import { Notice } from './ui/notice.tsx';

/** The time of the server is asked for again after this, and when somebody comes back to the page. */
const clockMs = 10 * 60_000;

function hearClock({ headers }: Response, sentAt: number): void {
  serverClock.hear(headers.get('date'), sentAt, performance.now());
}

async function fetchWithClock(...asked: Parameters<typeof fetch>): Promise<Response> {
  const sentAt = performance.now();
  const response = await fetch(...asked);
  hearClock(response, sentAt);
  return response;
}

async function open(): Promise<World> {
  const config = await readConfig(fetchWithClock);
  const session = createSession(config);
  const api = createApi(session, hearClock);
  const live = createLive(session, config);
  void session.start();
  const hearAgain = () => void readConfig(fetchWithClock).catch(() => undefined);
  setInterval(hearAgain, clockMs);
  document.addEventListener('visibilitychange', () => document.hidden || hearAgain());
  return { config, session, api, live, queries: createQueryClient() };
}

async function start(root: Root): Promise<void> {
  const lookAtTheme = followTheme(settingsStore);
  // A wall is dark unless told otherwise, and the address tells what is a wall. The router makes events of its changes.
  for (const change of ['pushState', 'replaceState', 'popstate']) addEventListener(change, lookAtTheme);
  listenToKeys();
  watchVersion();
  // The code of the page that was asked for comes while the person is looked up.
  const asked = pages.find(({ path }) => path === railPathOf(location.pathname)) ?? pages[0];
  void asked?.load().catch(() => undefined);
  try {
    const world = await open();
    root.render(
      <StrictMode>
        <App {...world} />
      </StrictMode>,
    );
  } catch {
    const again = <Button onClick={() => void start(root)}>{sessionCopy.tryAgain}</Button>;
    root.render(<Notice title={sessionCopy.configFailed} action={again} />);
  }
}

const element = document.getElementById('root');
if (element !== null) void start(createRoot(element));
