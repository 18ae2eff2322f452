import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Completed, Failed, Retried, Started } from '../../clients/typescript/src/index.js';
import type { Schema } from '../../clients/typescript/src/reader/index.js';
import { runOf } from '../support/process';
import { TestService } from '../support/service';

const CLIENT = join(__dirname, '../../clients/typescript');

/** Fails to compile unless both have the same names. */
type SameNames<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : never;

describe('the types of the TypeScript client', () => {
  it('are generated from the document that the service serves: if not, run npm run client:types', async () => {
    const service = await TestService.start();
    const folder = mkdtempSync(join(tmpdir(), 'minutebook-types-'));
    try {
      const document = await (await fetch(`${service.url}/openapi.json`)).text();
      writeFileSync(join(folder, 'openapi.json'), document);
      const made = join(folder, 'api.ts');
      const script = join(CLIENT, 'scripts/types.mjs');
      const run = await runOf([process.execPath, script, join(folder, 'openapi.json'), made], {});
      expect(run).toMatchObject({ status: 0, stderr: '' });
      expect(readFileSync(made, 'utf8')).toBe(
        readFileSync(join(CLIENT, 'src/reader/api.ts'), 'utf8'),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await service.close();
    }
  });

  it('name the fields of each kind of fact', () => {
    const same: [
      SameNames<Started, Schema<'SessionStarted'>['data']>,
      SameNames<Completed, Schema<'SessionCompleted'>['data']>,
      SameNames<Failed, Schema<'SessionFailed'>['data']>,
      SameNames<Retried, Schema<'SessionRetried'>['data']>,
    ] = [true, true, true, true];
    expect(same).toHaveLength(4);
  });
});
