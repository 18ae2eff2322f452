import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';

import { METRICS } from '../../src/alerts/alert';
import { OWN_VARIABLES } from '../../src/config/misspelt';
import { makeProgram } from '../../src/cli/program';
import { EXPORT_FORMATS } from '../../src/exports/formats';
import { MEANINGS, PROBLEM_CODES } from '../../src/http/problem';
import { ROLES } from '../../src/security/roles';
import { FAULT_KINDS } from '../../src/verify/faults';
import { HAPPENING_TYPES } from '../../src/webhooks/happenings';
import { either } from '../../src/lib/either';
import { brokenBecause, markdownFiles, prose, read } from '../support/markdown';

/** Names in code style in the first column of a text's tables, with the rest of their row. */
function rowsIn(text: string): Map<string, string> {
  const rows = text.matchAll(/^\| `([A-Za-z_]+)` +\|(.*)$/gm);
  return new Map([...rows].map(([, name, rest]) => [name!, rest!]));
}

const rowsOf = (path: string) => rowsIn(read(path));

/** What stands in a document under a heading. */
function chapterOf(path: string, heading: string): string {
  return read(path).split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
}

describe('the documentation', () => {
  it.each(markdownFiles())('%s has no broken link', (path) => {
    const links = [...prose(read(path)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const broken = links
      .map((link) => ({ link, why: brokenBecause(path, link) }))
      .filter(({ why }) => why !== undefined);
    expect(broken).toEqual([]);
  });

  it('names every page in its index', () => {
    const index = read('docs/README.md');
    const pages = markdownFiles().filter((path) => /^docs\/.+\//.test(path));
    expect(pages.filter((path) => !index.includes(`(${relative('docs', path)})`))).toEqual([]);
  });

  it('has every code with its status, and no others', () => {
    const coded = PROBLEM_CODES.map((code) => [code, String(MEANINGS[code].status)]);
    const documented = [...rowsOf('docs/reference/codes.md')].map(([code, rest]) => [
      code,
      rest.split('|')[0]!.trim(),
    ]);
    expect(documented.sort()).toEqual(coded.sort());
  });

  it('says which codes refuse single events, why, and which of them pass', () => {
    const codes = PROBLEM_CODES.filter((code) => MEANINGS[code].refuses === 'event');
    const chapter = chapterOf('docs/reference/codes.md', 'Events');
    expect([...rowsIn(chapter).keys()].sort()).toEqual([...codes].sort());
    expect(chapter).toContain(inWords(codes.filter((code) => MEANINGS[code].passes)));

    // A valid event, which the table in docs/reference/events.md is about, is refused with another status than an
    // invalid one.
    const refused = chapterOf('docs/reference/events.md', 'What a session may be told');
    const named = [...refused.matchAll(/^\|[^|]+\| `([a-z_]+)`/gm)].map(([, code]) => code!);
    expect(named.filter((code) => code !== 'duplicate').sort()).toEqual(
      codes.filter((code) => MEANINGS[code].status !== 422).sort(),
    );
  });

  it('has every environment variable of the configuration, and no others', () => {
    const source = read('src/config/config.ts') + read('src/config/tracing.ts');
    const named = source.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g);
    const variables = [...new Set([...named].map((match) => match[1]!))].sort();
    expect(variables).toEqual(expect.arrayContaining(['PORT', 'PLANS_FILE', 'EVENT_STORE_URL']));
    expect([...rowsOf('docs/reference/configuration.md').keys()].filter(isVariable).sort()).toEqual(
      variables,
    );
    // The variables that a start compares misspelt names with.
    expect(variables.filter((name) => !name.startsWith('OTEL_'))).toEqual(OWN_VARIABLES);
  });

  describe('of the command line', () => {
    const reference = read('docs/reference/command-line.md');
    const commands = makeProgram().commands.filter((one) => one.name() !== 'help');

    it('has every command, and no others', () => {
      const headings = [...reference.matchAll(/^## `([a-z-]+)`$/gm)].map((one) => one[1]);
      expect(headings.sort()).toEqual(commands.map((one) => one.name()).sort());
    });

    it.each(commands.map((one) => [one.name(), one] as const))(
      'has every option of %s, and no others',
      (name, command) => {
        const chapter = reference.split(`\n## \`${name}\`\n`)[1]!.split('\n## ')[0]!;
        const documented = [...chapter.matchAll(/^\| `(--[a-z-]+)/gm)].map((one) => one[1]!);
        const groups = command.commands.filter((one) => one.name() !== 'help');
        const options = [command, ...groups].flatMap((one) => one.options);
        const coded = new Set(options.map((option) => option.long!));
        expect(documented.sort()).toEqual([...coded].sort());
      },
    );
  });

  it('has every type that webhooks report, and no other', () => {
    const rows = read('docs/reference/http.md').matchAll(/^\| `(minutebook\.[a-z_.]+)` +\|/gm);
    const named = [...rows].map(([, type]) => type!);
    expect(named.sort()).toEqual([...HAPPENING_TYPES, 'minutebook.test'].sort());
  });

  it.each([
    ['format of exports', EXPORT_FORMATS, 'format'],
    ['role', ROLES, 'role'],
  ])('lists every %s in the order of the code, and no other', (_, names, head) => {
    const [, table] = new RegExp(`^\\| \`?${head}\`? .*\\n\\|[-| ]+\\n((?:\\|.*\\n)+)`, 'm').exec(
      read('docs/reference/http.md'),
    )!;
    expect([...table!.matchAll(/^\| `([a-z_]+)`/gm)].map((row) => row[1])).toEqual(names);
    const [option] = new RegExp(`^\\| \`--${head} .*$`, 'm').exec(
      read('docs/reference/command-line.md'),
    )!;
    expect(option).toContain(inWords(names));
  });

  it('has every kind of fault', () => {
    const rows = read('docs/how-to/check-the-ledger.md').matchAll(/^\| (`.*?`) +\|/gm);
    const named = [...rows].flatMap(([, kinds]) => kinds!.split(', '));
    expect(named).toEqual(FAULT_KINDS.map((kind) => `\`${kind}\``));
  });

  it('has every metric of alerts', () => {
    const [, paragraph] = /^\*\*Metrics\*\*: (.*)$/m.exec(read('docs/reference/http.md'))!;
    expect(METRICS.filter((metric) => !paragraph!.includes(`\`${metric}\``))).toEqual([]);
  });

  it('lists every role that a token may give', () => {
    expect(read('docs/how-to/take-tokens-of-an-issuer.md')).toContain(inWords(ROLES));
  });

  it('names every role in the pattern that finds leaked keys', () => {
    const page = read('docs/how-to/manage-keys.md');
    expect(page).toContain(`mb_(${ROLES.join('|')})_`);
  });

  it('has every field of every event', () => {
    const documented = read('docs/reference/events.md');
    const catalogue = read('src/domain/events/catalogue.ts');
    const fields = [...catalogue.matchAll(/^ {6}([a-z_]+):/gm)].map((match) => match[1]!);
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  });

  it('shows valid JSON, except where it is abridged', () => {
    for (const path of markdownFiles()) {
      const blocks = [...read(path).matchAll(/^( *)```json\n([\s\S]*?)^ *```/gm)];
      for (const [, , block = ''] of blocks) {
        if (!block.includes('…')) expect(() => JSON.parse(block) as unknown).not.toThrow();
      }
    }
  });

  it('has shell commands that a shell can parse', () => {
    for (const path of markdownFiles()) {
      for (const [, block = ''] of read(path).matchAll(/^```sh\n([\s\S]*?)^```/gm)) {
        expect(() => execFileSync('bash', ['-n'], { input: block })).not.toThrow();
      }
    }
  });
});

/** Writes names as a sentence lists them: `a`, `b` or `c`. */
function inWords(names: readonly string[]): string {
  return either(names.map((name) => `\`${name}\``));
}

function isVariable(name: string): boolean {
  return /^[A-Z]/.test(name);
}
