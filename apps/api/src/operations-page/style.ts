export const style = `
:root { color-scheme: light dark;
  --ground: light-dark(#f5f7f9, #12161b); --card: light-dark(#ffffff, #1a2027); --line: light-dark(#dfe4ea, #2d3641);
  --text: light-dark(#1b2128, #e3e8ed); --soft: light-dark(#5b6673, #97a3b0);
  --good: light-dark(#14713d, #5fd08c); --bad: light-dark(#b3261e, #ff8a80); --link: light-dark(#1d56b3, #7fb2ff); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding: .9rem clamp(1rem, 4vw, 2.5rem);
  background: var(--card); border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 1.15rem; }
nav { display: flex; gap: 1rem; }
a { color: var(--link); }
a[aria-current] { color: var(--text); text-decoration: none; font-weight: 600; }
.who { margin: 0 0 0 auto; color: var(--soft); }
main { display: grid; gap: 1.5rem; padding: 1.25rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 90rem; margin: 0 auto; }
main > p { margin: 0; }
section { min-width: 0; }
h2 { margin: 0 0 .5rem; font-size: 1rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.scroll + .scroll { margin-top: .75rem; }
.scroll:focus-visible { outline: 2px solid var(--link); }
table { width: 100%; border-collapse: collapse; }
caption { padding: .6rem .9rem .2rem; text-align: left; font-size: .85rem; color: var(--soft); }
th, td { padding: .4rem .9rem; text-align: left; white-space: nowrap; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; font-size: .8rem; color: var(--soft); }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .quiet { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[title] { cursor: help; }
p.bad { margin: 0; padding: .7rem .9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
`;
