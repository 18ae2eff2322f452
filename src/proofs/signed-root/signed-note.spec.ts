import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

import { checkNote, signRoot, verifierKey, type NoteSigner } from './signed-note';

const signerOf = (name: string): NoteSigner => ({
  name,
  privateKey: generateKeyPairSync('ed25519').privateKey,
});

const ROOT = {
  origin: 'minutebook/test',
  size: 7,
  root: 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
};

describe('a signed root', () => {
  it('is a note that passes the check with its verifier key', () => {
    const signer = signerOf('minutebook/test');
    const note = signRoot(ROOT, signer);
    expect(note.split('\n').slice(0, 3)).toEqual([
      'minutebook/test',
      '7',
      '3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=',
    ]);
    expect(checkNote(note, [verifierKey(signer)])).toEqual({ signed: ROOT });
  });

  it('has the verifier key of the published example of signed notes (golang.org/x/mod/sumdb/note)', () => {
    // From its documentation: PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz.
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
    const privateKey = createPrivateKey({
      key: Buffer.concat([prefix, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    expect(verifierKey({ name: 'PeterNeumann', privateKey })).toBe(
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    );
  });

  it('is not trusted if its text was changed, if another key signed it, or if it is not a note', () => {
    const signer = signerOf('minutebook/test');
    const note = signRoot(ROOT, signer);
    const key = verifierKey(signer);
    const changed = { fault: expect.stringMatching(/changed/) as string };
    expect(checkNote(note.replace('\n7\n', '\n8\n'), [key])).toEqual(changed);
    const other = verifierKey(signerOf('minutebook/test'));
    expect(checkNote(note, [other])).toEqual({ fault: 'No known key signed it.' });
    expect(checkNote(note.slice(5, 40), [key])).toEqual({
      fault: 'It is not a signed checkpoint.',
    });
  });

  it('is trusted if any of several keys signed it, because keys change', () => {
    const [old, now] = [signerOf('minutebook/test'), signerOf('minutebook/test')];
    const keys = [verifierKey(now), verifierKey(old)];
    expect(checkNote(signRoot(ROOT, old), keys)).toEqual({ signed: ROOT });
  });
});
