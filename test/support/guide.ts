import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { builtOnce } from './built-once';
import { build, BUILT } from './process';

const ROOT = join(__dirname, '../..');
/** The folder in which {@link buildWithGuide} puts the guide: beside the program, which serves it from there. */
export const GUIDE = join(BUILT, 'site');

/** Builds a site from a folder of Markdown that contains the guide's configuration. */
export function buildSite(docs: string, into: string): void {
  const vitepress = join(ROOT, 'node_modules/vitepress/bin/vitepress.js');
  execFileSync(process.execPath, [vitepress, 'build', docs, '--outDir', into], { stdio: 'pipe' });
}

/** Compiles the program, and builds the guide beside it. */
export function buildWithGuide(): void {
  build();
  builtOnce(GUIDE, sources(), (into) => buildSite(join(ROOT, 'docs'), into));
}

/** The pages and the configuration, without the files that VitePress writes while it works. */
function sources(): string[] {
  const docs = join(ROOT, 'docs');
  const settings = join(docs, '.vitepress');
  const theirs = new Set(['.temp', 'cache']);
  return [
    ...readdirSync(docs)
      .filter((name) => name !== '.vitepress')
      .map((name) => join(docs, name)),
    ...readdirSync(settings)
      .filter((name) => !theirs.has(name))
      .map((name) => join(settings, name)),
    join(ROOT, 'package-lock.json'),
  ].sort();
}
