import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const inter = dirname(
  fileURLToPath(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')),
);

/** The API that a console under development talks to, as `npm start` prints it. */
const api = process.env['TRUNKLINE_CONSOLE_API'] ?? 'http://127.0.0.1:8080';
const served = ['/v1', '/console', '/openapi.json', '/queues', '/operations', '/login', '/health'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), layersFirst(), preloadFonts()],
  resolve: {
    alias: {
      '~inter': inter,
      // The body of this page never scrolls, so there is nothing to lock; the lock would inject a style that the policy
      // for contents forbids.
      'react-remove-scroll': fileURLToPath(new URL('src/ui/no-scroll-lock.tsx', import.meta.url)),
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // The policy for contents allows files of ours and nothing within the page.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      ...Object.fromEntries(served.map((path) => [path, { target: api }])),
      '/ws': { target: api, ws: true },
    },
  },
});

/**
 * Whichever file of styles arrives first tells the order of the layers. The bundler decides which that is: what several pages
 * share comes before what `main.tsx` imports.
 */
function layersFirst(): Plugin {
  const order = readFileSync(new URL('src/theme/layers.css', import.meta.url), 'utf8');
  return {
    name: 'layers-first',
    enforce: 'pre',
    transform: (code, id) => (id.split('?')[0]?.endsWith('.css') === true ? `${order}${code}` : null),
  };
}

/** Text is drawn in its own font from the start where the file comes in time. */
function preloadFonts(): Plugin {
  return {
    name: 'preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((name) => name.endsWith('.woff2'))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${name}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head' as const,
          })),
    },
  };
}
