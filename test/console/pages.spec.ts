import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { pagesOf } from '../support/console-pages';

const source = readFileSync(join(__dirname, '../../console/src/pages/pages.tsx'), 'utf8');

describe('the pages of the console', () => {
  it('are all looked at', () => {
    const listed = [...source.matchAll(/^ {2}(\w+): \[m\('/gm)].map(([, name]) => name!);
    const compared = [...source.matchAll(/\b(?:name|part) [!=]== '(\w+)'/g)].map(
      ([, name]) => name!,
    );
    expect(listed.length).toBeGreaterThan(10);
    const looked = pagesOf('2026-11').flatMap(([hash]) => hash.slice(2).split(/[/?]/));
    expect([...listed, ...compared].filter((name) => !looked.includes(name))).toEqual([]);
  });
});
