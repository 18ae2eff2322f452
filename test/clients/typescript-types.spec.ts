import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Facts } from '../../clients/typescript/src/index.js';
import type { Schema } from '../../clients/typescript/src/reader/index.js';
import { CATALOGUE } from '../../src/domain/events/catalogue';
import type { FactKind } from '../../src/domain/events/facts';
import { runOf } from '../support/process';
import { TestService } from '../support/service';

const CLIENT = join(__dirname, '../../clients/typescript');

type HaveSameNames<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : false;

/** For each kind of fact that the ledger takes, whether the client has the fields of its schema, and no others. */
type SameFields = {
  readonly [K in FactKind]: HaveSameNames<Facts[K], Schema<`Session${Capitalize<K>}`>['data']>;
};

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
    // It does not compile if a kind is missing, or its fields differ.
    const same: SameFields = { started: true, completed: true, failed: true, retried: true };
    expect(Object.keys(same).sort()).toEqual(Object.keys(CATALOGUE).sort());
  });
});
