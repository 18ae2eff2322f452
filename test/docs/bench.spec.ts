import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { files, read, ROOT } from '../support/markdown';

const scripts = files('bench').filter((path) => path.endsWith('.mjs'));

/** What the scripts import from the built program: no compiler checks these names. */
const taken = scripts.flatMap((script) =>
  [...read(script).matchAll(/\{([^{}]+)\} = built\('\.\/(.+)\.js'\)/g)].flatMap(([, names, file]) =>
    names!.split(',').map((name) => [script, name.trim(), `src/${file}.ts`] as const),
  ),
);
const rows = readdirSync(join(ROOT, 'bench/rows')).map((file) => basename(file, '.mjs'));

describe('bench', () => {
  it.each(taken)('%s takes %s from %s, which exports it', (_, name, file) => {
    expect(read(file)).toMatch(
      new RegExp(
        `^export (async )?(class|function|const) ${name}\\b|^export \\{[^}]*\\b${name}\\b`,
        'm',
      ),
    );
  });

  it('runs each of its rows, and its README describes each', () => {
    const run = read('bench/run.mjs');
    const readme = read('bench/README.md');
    expect(rows.filter((name) => !run.includes(`'${name}',`))).toEqual([]);
    expect(rows.filter((name) => !readme.includes(`| \`${name}\``))).toEqual([]);
  });
});
