import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free-port';
import { read, ROOT } from './markdown';
import { BUILT } from './process';

/** A fenced block of a page. */
export interface Block {
  readonly kind: string;
  readonly text: string;
}

/** What a page's command printed, on both outputs, and its exit status. */
export interface Ran {
  readonly command: string;
  readonly status: number;
  readonly output: string;
  /** The block below the command in the page. */
  readonly shown: Block | undefined;
}

/** The blocks that a reader would type, or compare with the output. */
export function blocksOf(page: string): Block[] {
  const fences = read(page).matchAll(/^```(sh|json|text)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, kind, text]) => ({ kind: kind!, text: text! }));
}

/**
 * Types a page's commands into one shell, in an empty folder, as a reader would. `npm` is replaced by a script that
 * runs the program that the tests built; port 3000 becomes a free port, and `/tmp` a new folder.
 */
export class PageRun {
  private readonly folder = mkdtempSync(join(tmpdir(), 'minutebook-page-'));
  private shell: ChildProcess | undefined;
  private port = 0;

  /** @param before commands, one step each, that set up what the page assumes. */
  async run(blocks: readonly Block[], before: readonly string[]): Promise<Ran[]> {
    this.port = await freePort();
    for (const name of ['bin', 'tmp', 'out', 'work']) mkdirSync(join(this.folder, name));
    writeFileSync(join(this.folder, 'bin/npm'), NPM, { mode: 0o755 });
    writeFileSync(join(this.folder, 'bin/curl'), CURL, { mode: 0o755 });
    const commands = blocks.filter(({ kind }) => kind === 'sh');
    const script = [...before, ...commands.map(({ text }) => text)].map((text, index) =>
      this.step(text, index),
    );
    const path = join(this.folder, 'page.sh');
    writeFileSync(path, `${PRELUDE}${script.join('\n')}\n`);
    await this.type(path);
    for (const [index, text] of before.entries()) {
      const { status, output } = this.ran(text, index, undefined);
      if (status !== 0) throw new Error(`${text}\n${output}`);
    }
    return commands.map((block, index) => {
      const next = blocks[blocks.indexOf(block) + 1];
      return this.ran(block.text, before.length + index, next?.kind === 'sh' ? undefined : next);
    });
  }

  /** Ends what the page started, and removes its folder. */
  end(): void {
    try {
      if (this.shell?.pid !== undefined) process.kill(-this.shell.pid, 'SIGKILL');
    } catch {
      // Nothing of it is running any more.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private step(text: string, index: number): string {
    const typed = text
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${this.port}`)
      .replaceAll('/tmp/', `${this.folder}/tmp/`);
    const out = `${this.folder}/out/${index}`;
    if (/\bnpm start$/m.test(typed)) {
      return `stop_service; { ${typed}\n} > ${out} 2>&1 & service=$!; wait_for_service ${out}; echo $? > ${out}.status`;
    }
    return `{ ${typed}\n} > ${out} 2>&1; echo $? > ${out}.status`;
  }

  private async type(path: string): Promise<void> {
    this.shell = spawn('bash', [path], {
      cwd: join(this.folder, 'work'),
      detached: true,
      stdio: 'ignore',
      env: {
        ...process.env,
        PATH: `${join(this.folder, 'bin')}:${process.env['PATH']}`,
        NODE_PATH: join(ROOT, 'node_modules'),
        PORT: String(this.port),
        BUILT,
      },
    });
    await once(this.shell, 'exit');
  }

  private ran(command: string, index: number, shown: Block | undefined): Ran {
    const out = join(this.folder, 'out', String(index));
    const output = readFileSync(out, 'utf8')
      .replaceAll(`127.0.0.1:${this.port}`, '127.0.0.1:3000')
      .replaceAll(`${this.folder}/tmp/`, '/tmp/');
    const status = Number(readFileSync(`${out}.status`, 'utf8'));
    return { command, status, output, shown };
  }
}

const NPM = `#!/bin/bash
case "$*" in
  start) exec node "$BUILT/main.js" ;;
  'run build') ;;
  'run cli -- '*) shift 3; exec node "$BUILT/cli.js" "$@" ;;
  'run --silent cli -- '*) shift 4; exec node "$BUILT/cli.js" "$@" ;;
  *) echo "npm $* is not for a page to run." >&2; exit 1 ;;
esac
`;

/** Makes `curl` fail when a request is refused: a page that does not use `-f` must not get a refusal. */
const CURL = `#!/bin/bash
PATH=\${PATH#*:}
for one in "$@"; do [[ $one =~ ^-[A-Za-z]*f[A-Za-z]*$ ]] && exec curl "$@"; done
exec curl --fail-with-body "$@"
`;

const PRELUDE = `set -o pipefail
service=
stop_service() { [ -z "$service" ] || { pkill -INT -P "$service"; kill -INT "$service" 2> /dev/null; wait "$service"; service=; }; }
wait_for_service() { for _ in $(seq 300); do grep -q 'initial-keys.json\\|listens on' "$1" && return 0; kill -0 "$service" 2> /dev/null || return 1; sleep 0.1; done; return 1; }
trap stop_service EXIT
`;

/** Whether an output matches what a page shows, except for white space, and for what the page omits at each `…`. */
export function isAsShown(output: string, shown: string): boolean {
  const parts = shown.replace(/\s+/g, '').split('…');
  let rest = output.replace(/\s+/g, '');
  const [first = ''] = parts.splice(0, 1);
  const last = parts.pop();
  if (last === undefined) return rest === first;
  if (!rest.startsWith(first)) return false;
  rest = rest.slice(first.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(last);
}
