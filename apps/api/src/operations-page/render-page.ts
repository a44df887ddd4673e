import { redactText } from '@trunkline/service-kit';
import type { SystemView } from './read-system.ts';
import {
  backlogSection,
  choresSection,
  groupsSection,
  leasesSection,
  queuesSection,
  shardsSection,
} from './sections.ts';
import { style } from './style.ts';

const sections = [
  ['Links', leasesSection],
  ['Event streams', (view: SystemView) => `${groupsSection(view)}\n${shardsSection(view)}`],
  ['Backlogs', backlogSection],
  ['Queues', queuesSection],
  ['Chores', choresSection],
] as const;

/** The page in one piece; its script fetches it anew and puts the new main part in the place of the old one. */
export const renderPage = (view: SystemView, user: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Operations · Trunkline</title>
<style>${style}</style>
<noscript><meta http-equiv="refresh" content="15"></noscript>
<script src="/operations/refresh.js" defer></script>
</head>
<body>
<header>
<h1>Operations</h1>
<nav aria-label="Pages"><a href="/operations" aria-current="page">Streams and leases</a> <a href="/queues">Queues</a></nav>
<p class="who">${redactText(user, { redactPhoneNumbers: true }).replaceAll(/[<>&"]/g, '')}</p>
</header>
<main id="main">
<p class="quiet">As of <time datetime="${view.at.toISOString()}">${view.at.toISOString().slice(11, 19)} UTC</time>. <span id="refreshing">Brought up to date every 5 seconds.</span></p>
${sections.map(([title, html]) => `<section><h2>${title}</h2>\n${html(view)}\n</section>`).join('\n')}
</main>
</body>
</html>
`;
