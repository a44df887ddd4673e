// Runs before anything is painted, so that nobody sees a flash of the other theme. A file of its own: the page allows no
// inline scripts. src/theme/theme.ts keeps it up to date afterwards.
(function chooseTheme() {
  let wanted = new URLSearchParams(location.search).get('theme');
  try {
    wanted ??= JSON.parse(localStorage.getItem('trunkline.settings') ?? '{}').theme;
  } catch {
    // What is stored is not readable; the system decides.
  }
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const isWall = new URLSearchParams(location.search).get('mode') === 'wall';
  const chosen = wanted === 'light' || wanted === 'dark' ? wanted : isDark || isWall ? 'dark' : 'light';
  document.documentElement.dataset.theme = chosen;
})();
