import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';

import { builtOnce } from './built-once';
import { build, BUILT } from './process';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) =>
  existsSync(path),
);

/** Whether Chromium is installed: CI has Debian's; elsewhere its tests are skipped by name. */
export const HAS_BROWSER = CHROMIUM !== undefined;

/** Starts Chromium without a window. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM!,
    // Tests run as root in containers, where Chromium has no sandbox.
    args: ['--no-sandbox'],
  });
}

/** Compiles the program, and the console beside it. */
export function buildWithConsole(): void {
  build();
  const root = join(__dirname, '../..');
  const files = [
    'console/src',
    'console/index.html',
    'console/vite.config.mjs',
    'clients/typescript/src',
    'src/domain',
    'src/checker',
    'console/bundle-worker',
  ];
  const sources = files.map((name) => join(root, name));
  builtOnce(join(BUILT, 'public'), sources, (into) => {
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', into], {
      cwd: join(root, 'console'),
    });
  });
}
