import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { TlsFolder } from '../../test/support/tls-server';
import { warningOfEnd } from './tls';

describe('the warning of a certificate that ends', () => {
  // Valid from 2020 to 2120.
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-tls-'));
  const pem = readFileSync(new TlsFolder(folder).certificate);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (year: number) => warningOfEnd(pem, Date.UTC(year, 0, 2));

  it('comes in the last tenth of its life, and after it, and says what to do', () => {
    expect([at(2026), at(2109)]).toEqual([undefined, undefined]);
    expect(at(2111)).toMatch(/^The certificate in TLS_CERT_FILE ends on 2120-01-01T.* Renew it/);
    expect(at(2121)).toMatch(/TLS_CERT_FILE ended on 2120-01-01T/);
  });
});
