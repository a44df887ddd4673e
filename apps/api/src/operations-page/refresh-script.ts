/**
 * Puts what is new in the place of what was there: the page stays where it was scrolled to, and so does each table. While
 * nobody looks nothing is asked.
 */
export const refreshScript = `'use strict';
const everyMs = 5000;
let failed = 0;

async function refresh() {
  if (document.hidden || document.getSelection()?.type === 'Range') return;
  try {
    const response = await fetch('/operations', { headers: { accept: 'text/html' }, redirect: 'manual' });
    if (response.type === 'opaqueredirect') return location.reload();
    if (!response.ok) throw new Error('HTTP ' + response.status);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const [old, next] = [document.getElementById('main'), page.getElementById('main')];
    const lefts = [...old.querySelectorAll('.scroll')].map((each) => each.scrollLeft);
    const focused = [...old.querySelectorAll('.scroll')].indexOf(document.activeElement);
    old.replaceChildren(...next.childNodes);
    old.querySelectorAll('.scroll').forEach((each, index) => {
      each.scrollLeft = lefts[index] ?? 0;
      if (index === focused) each.focus({ preventScroll: true });
    });
    failed = 0;
  } catch (error) {
    failed += 1;
    const note = document.getElementById('refreshing');
    note.className = 'bad';
    note.textContent = 'Could not be brought up to date (' + error.message + '); trying again.';
  }
}

setInterval(refresh, everyMs);
document.addEventListener('visibilitychange', refresh);
`;
