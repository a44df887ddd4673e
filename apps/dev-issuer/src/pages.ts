import { createHash } from 'node:crypto';
import type { Person } from './people.ts';
import { style } from './style.ts';

export interface Page {
  readonly html: string;
  readonly policy: string;
}

/** Pick who you are. */
export const loginPage = (uid: string, client: string, people: readonly Person[]): Page =>
  page(
    'Sign in',
    `<h1>Who are you?</h1>
<p>You are signing in to <strong>${escaped(clientNames[client] ?? client)}</strong>. This is a development system: there are no passwords.</p>
<form method="post" action="/interaction/${escaped(uid)}">
${people.map(personButton).join('\n')}
</form>`,
  );

const clientNames: Readonly<Record<string, string>> = {
  'trunkline-console': 'the Trunkline console (trunkline-console)',
  'trunkline-api': 'Trunkline’s queues and operations (trunkline-api)',
};

const personButton = ({ id, name, role, does }: Person): string =>
  `<button name="person" value="${id}"><i aria-hidden="true">${escaped(name.slice(0, 1))}</i><b>${escaped(name)}</b><em>${role}</em><span>${escaped(does)}</span></button>`;

/** Whoever comes here has pressed a button to sign out already, so the page goes on by itself where scripts run. */
export const signOutPage = (form: string): Page =>
  page(
    'Sign out',
    `<h1>Signing out ...</h1>
<p>You are leaving the development system.</p>
${form.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>')}
<button class="plain" type="submit" form="op.logoutForm">Sign out</button>
<script>${goOn}</script>`,
    [goOn],
  );

const goOn = "document.getElementById('op.logoutForm').submit()";

export const signedOutPage = (): Page =>
  page('Signed out', '<h1>You are signed out</h1>\n<p>You can close this page.</p>');

export const errorPage = (message: string): Page =>
  page('That did not work', `<h1>That did not work</h1><p>${escaped(message)}</p>`);

function page(title: string, content: string, scripts: readonly string[] = []): Page {
  const allowed = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return {
    policy: `default-src 'none'; style-src 'unsafe-inline'; script-src ${allowed.join(' ') || "'none'"}; base-uri 'none'; frame-ancestors 'none'`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Trunkline development</title>
<style>${style}</style>
</head>
<body>
<main>
<header><svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M4 7h16M12 7v11M8 18h8" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/></svg>Trunkline <small>development</small></header>
${content}
</main>
</body>
</html>
`,
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '');
