import { people } from './people.ts';

/** The one page: pick who you are. It needs no script. */
export const loginPage = (uid: string, client: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Trunkline development</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Who are you?</h1>
<p>You are signing in to <strong>${escaped(client)}</strong>. This is a development system: there are no passwords.</p>
<form method="post" action="/interaction/${escaped(uid)}">
${people
  .map(
    ({ id, name, does }) =>
      `<button name="person" value="${id}"><b>${name}</b><span>${escaped(does)}</span></button>`,
  )
  .join('\n')}
</form>
</main>
</body>
</html>
`;

export const errorPage = (message: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Trunkline development</title><style>${style}</style></head>
<body><main><h1>That did not work</h1><p>${escaped(message)}</p></main></body>
</html>
`;

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5dae1, #39424e); --soft: light-dark(#5b6673, #9aa6b2); }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
  background: light-dark(#f5f7f9, #14181d); color: light-dark(#1b2128, #e6eaee); }
main { width: min(26rem, 90vw); padding: 2rem; border: 1px solid var(--line); border-radius: 12px;
  background: light-dark(#fff, #1c2229); }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
p { margin: 0 0 1.25rem; color: var(--soft); }
form { display: grid; gap: .6rem; }
button { display: grid; gap: .1rem; padding: .7rem .9rem; text-align: left; font: inherit; color: inherit; cursor: pointer;
  border: 1px solid var(--line); border-radius: 8px; background: none; }
button:hover, button:focus-visible { border-color: light-dark(#2563c9, #6ea8ff); outline: none; }
button span { font-size: .875rem; color: var(--soft); }
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '');
