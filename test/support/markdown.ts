import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'data']);

/** The paths, from the root, of all files that people write, in one folder or in the whole repository. */
export function files(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : files(path);
  });
}

/** The paths of all Markdown files, from the root. */
export const markdownFiles = () => files().filter((path) => path.endsWith('.md'));

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const withoutFences = (text: string) => text.replace(/^ *```[\s\S]*?^ *```/gm, '');

/** The text without fenced and inline code, in which nothing is a link or a heading. */
export const prose = (text: string) => withoutFences(text).replace(/`[^`\n]*`/g, '');

/** The inline code of a text. */
export const codeSpans = (text: string) =>
  [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);

/** The anchors of a page: those that GitHub gives its headings, and those that it names itself. */
export function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  const text = withoutFences(read(path));
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const base = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = base;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${base}-${again}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of text.matchAll(/<a id="([^"]+)"><\/a>/g)) anchors.add(id);
  return anchors;
}

/** Why a link is broken; `undefined` if it is not, or leads out of the repository. */
export function brokenBecause(from: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined;
  const [path = '', anchor] = link.split('#', 2);
  const target =
    path === '' ? from : relative(ROOT, join(ROOT, dirname(from), decodeURIComponent(path)));
  return missingBecause(target, anchor);
}

/** Why a file, or an anchor in it, does not exist; `undefined` if it does. */
export function missingBecause(target: string, anchor: string | undefined): string | undefined {
  if (target.startsWith('..') || !existsSync(join(ROOT, target))) return 'there is no such file';
  if (anchor === undefined) return undefined;
  if (statSync(join(ROOT, target)).isDirectory()) return 'a folder has no anchors';
  return anchorsOf(target).has(anchor) ? undefined : 'there is no such anchor';
}
