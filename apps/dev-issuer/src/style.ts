/** The colours of the console, so that signing in looks like a part of it. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#d5dae1, #2b323d); --soft: light-dark(#4a5361, #a9b3c0);
  --accent: light-dark(#0b5fd6, #7ab4ff); --sunken: light-dark(#eceef2, #0a0d11); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px;
  font: 14px/20px Inter, system-ui, sans-serif;
  background: light-dark(#f6f7f9, #0e1116); color: light-dark(#14181f, #e9edf2); }
main { width: min(26rem, 100%); padding: 24px; border: 1px solid var(--line); border-radius: 10px;
  background: light-dark(#fff, #161a21); }
header { display: flex; align-items: center; gap: 8px; margin-bottom: 24px; font-weight: 600; }
header svg { color: var(--accent); }
header small { font-size: 12px; font-weight: 400; color: var(--soft); }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 28px; font-weight: 600; }
p { margin: 0 0 16px; color: var(--soft); }
strong { font-weight: 500; color: light-dark(#14181f, #e9edf2); }
form { display: grid; gap: 8px; }
button { display: grid; grid-template-columns: 40px 1fr auto; column-gap: 12px; align-items: center; min-height: 48px;
  padding: 8px 12px; text-align: left; font: inherit; color: inherit; cursor: pointer;
  border: 1px solid var(--line); border-radius: 6px; background: none; }
button.plain { display: inline-block; min-height: 40px; }
button:hover { border-color: var(--accent); background: var(--sunken); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button i { grid-row: 1 / 3; display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%;
  font-style: normal; font-weight: 600; color: var(--accent); background: var(--sunken); }
button b { font-weight: 600; }
button em { font-size: 12px; font-style: normal; color: var(--soft); }
button span { grid-column: 2 / 4; font-size: 12px; line-height: 16px; color: var(--soft); }
`;
