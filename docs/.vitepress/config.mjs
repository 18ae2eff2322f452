import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transformerStyleToClass } from '@shikijs/transformers';
import { defineConfig } from 'vitepress';

import { anchorOf, linksOfTheRepository } from './links.mjs';
import { nothingInline } from './nothing-inline.mjs';
import { sidebar } from './sidebar.mjs';

/** Where the service serves it (src/guide). */
const BASE = '/docs/guide/';
/** The console's icon is the guide's. */
const ICON = fileURLToPath(new URL('../../console/src/icon.svg', import.meta.url));
/** The colours of code, as classes: the policy of the pages allows no inline style. */
const colours = transformerStyleToClass({ classPrefix: 'code-' });

/** The guide: the Markdown of docs/, as it is, as a site that needs no other host. */
export default defineConfig({
  lang: 'en',
  title: 'Minutebook',
  description: 'An event-sourced billing ledger for speech-to-text.',
  base: BASE,
  outDir: '../dist/site',
  rewrites: { 'README.md': 'index.md' },
  head: [
    ['link', { rel: 'stylesheet', href: `${BASE}code.css` }],
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${BASE}icon.svg` }],
  ],
  // Switching colours adds no style element, which the policy would refuse.
  appearance: { disableTransition: false },
  // What the pages need to know of each other is a file, not a script in each of them.
  metaChunk: true,
  transformHtml: (html, _, { siteConfig }) =>
    nothingInline(html, BASE, join(siteConfig.outDir, siteConfig.assetsDir)),
  buildEnd: ({ outDir }) => {
    writeFileSync(join(outDir, 'code.css'), colours.getCSS());
    copyFileSync(ICON, join(outDir, 'icon.svg'));
  },
  markdown: {
    anchor: { slugify: anchorOf },
    codeTransformers: [colours],
    config: linksOfTheRepository,
  },
  vite: {
    // The policy allows no data in place of a file, save the theme's own icons. The index of the search is large.
    build: { assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 2_000 },
  },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: sidebar(),
    outline: [2, 3],
    externalLinkIcon: true,
  },
});
