import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { codeSpans, files, markdownFiles, read, ROOT } from '../support/markdown';

const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => `src/${entry.name}`);

const readmes = files('src').filter((path) => path.endsWith('/README.md'));
const pages = markdownFiles().filter((path) => !readmes.includes(path));

/** Every file, and every folder with a trailing slash. */
const everything = new Set(
  files().flatMap((path) => [path, ...foldersAbove(path).map((folder) => `${folder}/`)]),
);

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
}

/** Whether a code span in a README names a file of code, or a folder. */
const isPlace = (span: string) =>
  /^[\w.-][\w./-]*\.(ts|mjs|cjs)$/.test(span) || /^[\w.-][\w./-]*\/$/.test(span);

/** The same for other documents, in which a folder may be one of `DATA_DIR`. */
const isOurs = (span: string) => isPlace(span) && /\.\w+$|^(src|test|docs|bench)\//.test(span);

const isUnder = (folder: string, span: string) =>
  [...everything].some((path) => path.startsWith(folder) && path.endsWith(`/${span}`));

/** The names in a README of `src/` that exist neither in its folder, nor in `src/`, nor from the root. */
function goneFrom(readme: string, text: string): string[] {
  const folder = dirname(readme);
  return codeSpans(text).filter(
    (span) =>
      isPlace(span) &&
      !isUnder(`${folder}/`, span) &&
      !everything.has(`src/${span}`) &&
      !everything.has(span),
  );
}

/** The names in another document that exist nowhere. A document may name a file by the end of its path. */
const goneFromAll = (text: string) =>
  codeSpans(text).filter((span) => isOurs(span) && !everything.has(span) && !isUnder('', span));

describe('folders of src/', () => {
  it.each(folders)(
    '%s has a README: what it owns, what it does not own, its invariants',
    (folder) => {
      expect(existsSync(join(ROOT, folder, 'README.md'))).toBe(true);
      const headings = [...read(`${folder}/README.md`).matchAll(/^#+ .+$/gm)].map(([text]) => text);
      const name = folder.slice('src/'.length);
      expect(headings).toEqual([`# ${name}`, '## Owns', '## Does not own', '## Invariants']);
    },
  );

  it.each(['src/cli', 'src/exports'])('%s has a README that names each of its files', (folder) => {
    const text = read(`${folder}/README.md`);
    const own = files(folder).filter(
      (path) => dirname(path) === folder && /\.ts$/.test(path) && !/\.spec\.ts$/.test(path),
    );
    expect(own.length).toBeGreaterThan(5);
    const names = own.map((path) => path.slice(folder.length + 1));
    expect(names.filter((name) => !codeSpans(text).includes(name))).toEqual([]);
  });

  it('are all in the table of docs/explanation/architecture.md', () => {
    const page = read('docs/explanation/architecture.md');
    expect(folders.filter((folder) => !page.includes(`(../../${folder}/README.md)`))).toEqual([]);
  });
});

describe('decisions', () => {
  const decisions = files('docs/adr');

  it('have a status and a date', () => {
    expect(decisions.length).toBeGreaterThan(30);
    const begun =
      /^# \d{4} .+\n\n- Status: (proposed|accepted|superseded)\b.*\n- Date: \d{4}-\d\d-\d\d\n\n/;
    expect(decisions.filter((path) => !begun.test(read(path)))).toEqual([]);
  });
});

describe('documents', () => {
  it.each(readmes)('%s names no file that does not exist', (readme) => {
    expect(goneFrom(readme, read(readme))).toEqual([]);
  });

  it.each(pages)('%s names no code file that does not exist', (page) => {
    expect(goneFromAll(read(page))).toEqual([]);
  });

  it('are reported if they name one', () => {
    expect(goneFrom('src/usage/README.md', 'See `report.ts`, `gone.ts` and `thread/`.')).toEqual([
      'gone.ts',
      'thread/',
    ]);
    expect(goneFromAll('See `src/usage/gone.ts`, `gone.ts`, `report.ts`, `checkpoints/`.')).toEqual(
      ['src/usage/gone.ts', 'gone.ts'],
    );
  });
});
