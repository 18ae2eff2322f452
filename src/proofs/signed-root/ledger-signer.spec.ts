import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeSigningKey, type SigningKey } from '../../security/signing-keys';
import { LedgerSigner } from './ledger-signer';
import { RootFolder } from './root-archive';
import { checkNote } from './signed-note';

const ROOT = '07'.repeat(32);
const full = () => Promise.reject(new Error('ENOSPC'));

describe('a signer whose ledger gets a new key', () => {
  let folder: string;
  let archive: RootFolder;
  let signer: LedgerSigner;
  let keys: readonly [SigningKey, ...SigningKey[]];
  const isOfOldKey = (oldKey: string) => 'signed' in checkNote(signer.sign(5, ROOT), [oldKey]);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-signer-'));
    archive = new RootFolder(folder);
    keys = [makeSigningKey(1)];
    const signingKeys = {
      all: () => Promise.resolve(keys),
      rotate: () => Promise.reject(new Error('Not here.')),
    };
    signer = await LedgerSigner.of('a-ledger', signingKeys, 1, archive);
    await archive.keep({ size: 5, note: signer.sign(5, ROOT) }, true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['keepHandover', 'publishKeys'] as const)(
    'signs with the old one until the handover is written and the key published: %s fails',
    async (method) => {
      const old = signer.verifierKey;
      keys = [makeSigningKey(2), ...keys];
      const failing = jest.spyOn(archive, method).mockImplementation(full);
      await expect(signer.refresh(2)).rejects.toThrow('ENOSPC');
      expect([signer.verifierKeys, signer.handovers, isOfOldKey(old)]).toEqual([[old], [], true]);
      failing.mockRestore();
      await signer.refresh(3);
      expect(signer.verifierKeys).toHaveLength(2);
      expect([signer.verifierKey === old, isOfOldKey(old)]).toEqual([false, false]);
      expect(signer.handovers).toEqual(await archive.handovers());
      // The handover names the newest root that the old key signed.
      expect(signer.handovers[0]).toMatch(/\n5\n/);
      expect(await archive.publishedKeys()).toEqual(signer.verifierKeys);
    },
  );
});
