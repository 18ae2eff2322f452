import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transformerStyleToClass } from '@shikijs/transformers';
import { defineConfig } from 'vitepress';

import { anchorOf, linksOfTheRepository } from './links.mjs';
import { nothingInline } from './nothing-inline.mjs';
import { sidebar } from './sidebar.mjs';

/** The path at which the service serves the guide (src/guide). */
const BASE = '/docs/guide/';
/** The guide uses the console's icon. */
const ICON = fileURLToPath(new URL('../../console/src/icon.svg', import.meta.url));
/** The colours of code, as classes: the pages' content security policy allows no inline style. */
const colours = transformerStyleToClass({ classPrefix: 'code-' });

/** The guide: the unchanged Markdown of docs/ as a site that needs no other host. */
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
  // A transition would add a style element when colours are switched, and the policy would refuse it.
  appearance: { disableTransition: false },
  // What the pages need to know about each other goes into a file, not into a script on each page.
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
    // The policy allows no `data:` URLs except the theme's own icons. The search index is a large chunk.
    build: { assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 2_000 },
  },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: sidebar(),
    outline: [2, 3],
    externalLinkIcon: true,
  },
});
