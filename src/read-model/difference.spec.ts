import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beside, JSON_COLUMNS } from './difference';

/** The fields of rows whose comment says that they hold JSON. */
const said = ['rows.ts', 'tables.ts'].flatMap((file) => {
  const text = readFileSync(join(__dirname, file), 'utf8');
  return [...text.matchAll(/\/\*\* JSON: [^]*?\*\/\s+readonly (\w+)/g)].map(([, name]) => name!);
});

describe('the difference between two rows', () => {
  it('parses every column whose comment says that it holds JSON, and no other', () => {
    expect([...new Set(said)].sort()).toEqual([...JSON_COLUMNS].sort());
  });

  it('names the fields that differ within such a column', () => {
    const row = (author: string) => ({
      scope: 'plans',
      key: 'k-1',
      written: JSON.stringify({ type: 'plan.defined', author }),
    });
    expect(beside('requests', ['scope', 'key'], row('ann'), row('bob'))).toMatchObject({
      key: { scope: 'plans', key: 'k-1' },
      fields: ['written.author'],
      live: { written: { author: 'ann' } },
      replayed: { written: { author: 'bob' } },
    });
  });
});
