import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  // The checker of bundles, for browsers: see bundle-worker/node-crypto.ts.
  resolve: {
    alias: {
      'node:crypto': fileURLToPath(new URL('./bundle-worker/node-crypto.ts', import.meta.url)),
    },
  },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/public',
    emptyOutDir: true,
    // The page's Content-Security-Policy forbids data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // For `npm run dev -w console` beside a service on its usual port.
  server: { proxy: { '/v1': 'http://127.0.0.1:3000', '/health': 'http://127.0.0.1:3000' } },
});
