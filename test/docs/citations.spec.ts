import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { files, markdownFiles, missingBecause, read, ROOT } from '../support/markdown';

const CODE = /\.(ts|mjs|cjs|yml)$/;
/** A page as code cites it: a path from the root, and perhaps an anchor. */
const PAGE = /(?<![\w:/.-])([\w./-]+\.md)(#[\w-]+)?/g;
const DECISION = /(?<![\w/])docs\/adr\/(\d{4})(?![\w-])/g;

/** The citations in a text that lead nowhere, each with the reason. */
function leadingNowhere(path: string, text: string): string[] {
  const pages = [...text.matchAll(PAGE)].map(([cited, page = '', anchor]) => ({
    cited,
    why: missingBecause(pageAt(path, page), anchor?.slice(1)),
  }));
  const decisions = [...text.matchAll(DECISION)].map(([cited, number = '']) => ({
    cited,
    why: decisionNumbers.has(number) ? undefined : 'there is no such decision',
  }));
  return [...pages, ...decisions].flatMap(({ cited, why }) => (why ? [`${cited}: ${why}`] : []));
}

/** The path from the root, or from the file that cites it. */
function pageAt(path: string, page: string): string {
  const beside = join(dirname(path), page);
  return existsSync(join(ROOT, page)) ? page : beside;
}

const decisionNumbers = new Set(
  readdirSync(join(ROOT, 'docs/adr')).map((name) => name.slice(0, 4)),
);

const inFolders = (pattern: RegExp, folders: readonly string[]) =>
  folders.flatMap((folder) => files(folder)).filter((path) => pattern.test(path));

describe('citations', () => {
  const sources = inFolders(CODE, ['src', 'test', 'bench']).filter(
    (path) => path !== 'test/docs/citations.spec.ts',
  );

  it('of pages in the code lead to an existing file and anchor', () => {
    expect(sources.length).toBeGreaterThan(300);
    const broken = sources.flatMap((path) =>
      leadingNowhere(path, read(path)).map((why) => `${path} cites ${why}`),
    );
    expect(broken).toEqual([]);
  });

  it.each([
    ['a page that is not in the repository', ' (product.md, Closing)'],
    ["half of a page's path", ' as http.md has it'],
    ['an anchor that does not exist', ' docs/reference/rules.md#rate-99.'],
    ['a page that was removed', ' docs/reference/gone.md '],
    ['a decision that does not exist', ' (docs/adr/9999)'],
  ])('are reported if they name %s', (_, text) => {
    expect(leadingNowhere('src/cli.ts', text)).toHaveLength(1);
  });

  it('of pages in the documentation lead to an existing file and anchor', () => {
    const broken = markdownFiles().flatMap((path) =>
      leadingNowhere(path, read(path)).map((why) => `${path} cites ${why}`),
    );
    expect(broken).toEqual([]);
  });

  it('are possible for every rule and law, each under an id of its own', () => {
    for (const page of ['docs/reference/rules.md', 'docs/reference/laws.md']) {
      const ids = [...read(page).matchAll(/<a id="([^"]+)"><\/a>/g)].map((match) => match[1]!);
      expect(ids.length).toBeGreaterThanOrEqual(8);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('of a rule use the name that the page shows', () => {
    const rules = [
      ...read('docs/reference/rules.md').matchAll(/<a id="([^"]+)"><\/a>(?:\*\*([^*]+)\*\*)?/g),
    ];
    expect(rules.map(([, , name]) => name)).toEqual(rules.map(([, id]) => id));
  });
});
