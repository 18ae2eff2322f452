import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { buildSite, buildWithGuide, GUIDE } from '../support/guide';
import { files, markdownFiles, ROOT } from '../support/markdown';

const BASE = '/docs/guide/';
/** Paths outside the guide that the service serves too. */
const BESIDE = new Set(['/docs', '/console/']);
/** The file of the guide that is built from a page of docs/. */
const builtFrom = (page: string) =>
  relative('docs', page)
    .replace(/\.md$/, '.html')
    .replace(/^README\.html$/, 'index.html');
const pages = markdownFiles().filter((path) => path.startsWith('docs/'));

describe('the guide', () => {
  beforeAll(() => buildWithGuide(), 300_000);

  const html = (name: string) => readFileSync(join(GUIDE, name), 'utf8');
  const bodyOf = (name: string) => html(name).split('<body>')[1]!;

  it('has every page of docs/, and its first page links to each', () => {
    expect(pages.length).toBeGreaterThan(100);
    expect(pages.filter((page) => !existsSync(join(GUIDE, builtFrom(page))))).toEqual([]);
    const first = bodyOf('index.html');
    const led = pages.map(builtFrom).filter((name) => name !== 'index.html');
    expect(led.filter((name) => !first.includes(`href="${BASE}${name}"`))).toEqual([]);
  });

  it('has the anchors that its links name, as the Git host does', () => {
    const idsOf = new Map(
      pages.map((page) => {
        const name = builtFrom(page);
        return [name, new Set([...bodyOf(name).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))];
      }),
    );
    const broken: string[] = [];
    let anchors = 0;
    for (const name of idsOf.keys()) {
      for (const [, href = ''] of bodyOf(name).matchAll(/ href="([^"]*)"/g)) {
        const url = new URL(href, `http://guide${BASE}${name}`);
        if (url.host !== 'guide' || BESIDE.has(url.pathname)) continue;
        if (!url.pathname.startsWith(BASE)) broken.push(`${name}: ${href}`);
        const target = url.pathname.slice(BASE.length) || 'index.html';
        const anchor = decodeURIComponent(url.hash.slice(1));
        if (!existsSync(join(GUIDE, target))) broken.push(`${name}: ${href}`);
        if (anchor === '' || anchor === 'VPContent') continue;
        anchors += 1;
        if (idsOf.get(target)?.has(anchor) !== true) broken.push(`${name}: ${href}`);
      }
    }
    expect(broken).toEqual([]);
    expect(anchors).toBeGreaterThan(500);
  });

  it('has no link to files that only the repository has', () => {
    const architecture = html('explanation/architecture.html');
    expect(architecture).toContain('title="src/usage/README.md in the repository"');
    expect(architecture).not.toContain('href="../../src');
  });

  it('has no inline script or style', () => {
    for (const name of [...pages.map(builtFrom), '404.html']) {
      const page = html(name);
      expect([name, page.match(/<script(?![^>]* src=)[^>]*>/g)]).toEqual([name, null]);
      expect([name, page.match(/<style| style="| on[a-z]+="/g)]).toEqual([name, null]);
    }
  });

  it('is not built if a link in it is broken', () => {
    const folder = join(ROOT, 'node_modules/.cache', `minutebook-dead-link-${process.pid}`);
    const docs = join(folder, 'docs');
    try {
      for (const path of files('docs/.vitepress')) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        cpSync(join(ROOT, path), join(folder, path));
      }
      writeFileSync(join(docs, 'README.md'), '# Documentation\n\nSee [it](how-to/gone.html).\n');
      expect(() => buildSite(docs, join(folder, 'site'))).toThrow('1 dead link(s) found');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('the guide, as shipped', () => {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

  it('is complete in the packed program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-packed-'));
    try {
      cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
      cpSync(GUIDE, join(folder, 'dist/site'), { recursive: true });
      const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [packed] = JSON.parse(output) as [{ readonly files: readonly { path: string }[] }];
      const carried = new Set(packed.files.map(({ path }) => path));
      const built = files(relative(ROOT, GUIDE)).map((path) =>
        relative(relative(ROOT, GUIDE), path),
      );
      expect(built.length).toBeGreaterThan(200);
      expect(built.filter((path) => !carried.has(`dist/site/${path}`))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is made by the build, and the image build has its sources', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(scripts['build']).toBe('node scripts/build.cjs');
    expect(read('scripts/build.cjs')).toMatch(/^ {2}all: [^;]*;[^;]*;[^;]*\bbuildGuide\(/m);
    expect(scripts['prepack']).toContain('npm run --silent build');
    for (const [ignored, copied] of [
      ['!docs', 'docs ./docs'],
      ['!scripts/build.cjs', 'scripts/build.cjs ./scripts/'],
    ] as const) {
      expect(read('.dockerignore').split('\n')).toContain(ignored);
      const before = read('Dockerfile').split(/^RUN npm run build\b/m)[0]!;
      expect(before.split('\n')).toContain(`COPY ${copied}`);
    }
  });
});
