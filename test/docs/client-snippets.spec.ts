import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildClient } from '../support/client-build';
import { initialKeys } from '../support/initial-keys';
import { runOf } from '../support/process';
import { completed, TestService } from '../support/service';

const ROOT = join(__dirname, '../..');

/** The steps of a page, in order: write a file, or run a file and see this output. */
type Step =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'run'; readonly name: string; readonly output: string };

function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm);
  for (const [, language, text = ''] of blocks) {
    const name = /^\/\/ (\S+)\n/.exec(text)?.[1];
    const run = /^node (\S+)\n$/.exec(text)?.[1];
    const last = steps.at(-1);
    if (language === 'js' && name !== undefined) steps.push({ kind: 'file', name, text });
    if (language === 'sh' && run !== undefined) steps.push({ kind: 'run', name: run, output: '' });
    if (language === 'text' && last?.kind === 'run')
      steps[steps.length - 1] = { ...last, output: text };
  }
  return steps;
}

const trimmed = (text: string) => text.replace(/[ \t]+$/gm, '');

describe('the pages about the TypeScript client', () => {
  let client: string;
  beforeAll(() => (client = buildClient()), 600_000);

  it.each([
    ['docs/how-to/worker-in-node.md', 7],
    ['docs/how-to/usage-and-limits-in-an-app.md', 6],
  ])('%s shows programs that run, and what they print', async (page, count) => {
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-snippets-'));
    const service = await TestService.start();
    try {
      const installed = join(folder, 'node_modules/@minutebook/client');
      mkdirSync(installed, { recursive: true });
      cpSync(join(ROOT, 'clients/typescript/package.json'), join(installed, 'package.json'));
      symlinkSync(client, join(installed, 'dist'));
      const { producer, reader } = initialKeys(service.dataDir);
      const reads = page.includes('app');
      if (reads) await recordTwo(service);
      const environment = {
        MINUTEBOOK_URL: service.url,
        ...(producer === undefined ? {} : { MINUTEBOOK_PRODUCER_KEY: producer }),
        ...(reader === undefined ? {} : { MINUTEBOOK_KEY: reads ? reader : producer! }),
      };
      const steps = stepsOf(page);
      expect(steps).toHaveLength(count);
      for (const step of steps) {
        if (step.kind === 'file') {
          writeFileSync(join(folder, step.name), step.text);
        } else {
          const run = await runOf(['bash', '-c', `cd ${folder} && node ${step.name}`], environment);
          expect({ ...run, stdout: trimmed(run.stdout) }).toEqual({
            status: 0,
            stdout: step.output,
            stderr: '',
          });
        }
      }
    } finally {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The data that the page about apps expects: two recordings of this month. */
async function recordTwo(service: TestService): Promise<void> {
  const of = (session_id: string, duration_seconds: string, at: number) =>
    completed({ session_id, duration_seconds }, { time: new Date(at).toISOString() });
  const { body } = await service.batch([
    of('rec-a', '42.5', Date.now() - 1_000),
    of('rec-b', '150', Date.now()),
  ]);
  await service.get(`/v1/users/ann/usage-summary?at_least=${body.position}`);
}
