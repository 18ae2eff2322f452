import { readFileSync } from 'node:fs';

const HEADING = /^## (.+)$/;
const ENTRY = /^- \[(.+?)\]\((.+?)\.md\)/;

/** Returns the groups of docs/README.md with their pages, in the same order, so that the index is written only once. */
export function sidebar() {
  const groups = [];
  for (const line of readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n')) {
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) groups.push({ text: heading, items: [] });
    const [, text, path] = ENTRY.exec(line) ?? [];
    if (path !== undefined) groups.at(-1).items.push({ text, link: `/${path}` });
  }
  return groups;
}
