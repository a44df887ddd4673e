const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '');

/** For pages of ours: nothing from elsewhere, nothing inline but styles, framed by nobody. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/** A short message, and where to go on. */
export const messagePage = ({
  title,
  text,
  link,
  goOn = false,
}: {
  readonly title: string;
  readonly text: string;
  readonly link: { readonly to: string; readonly says: string };
  /** Goes there by itself. */
  readonly goOn?: boolean;
}): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${goOn ? `<meta http-equiv="refresh" content="0; url=${escaped(link.to)}">` : ''}
<title>${escaped(title)} · Trunkline</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
  background: light-dark(#f5f7f9, #14181d); color: light-dark(#1b2128, #e6eaee); }
main { width: min(28rem, 90vw); }
a { color: light-dark(#1d56b3, #7fb2ff); }
</style>
</head>
<body><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p><p><a href="${escaped(link.to)}">${escaped(link.says)}</a></p></main></body>
</html>
`;
