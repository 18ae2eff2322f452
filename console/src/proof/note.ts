import { fromBase64, joined, sha256, toHex, utf8, type Bytes } from './bytes';
import { t } from '../i18n/language';

/** A verifier key of c2sp.org/signed-note, `<name>+<key id>+<base64 of algorithm and key>`, taken apart. */
export interface VerifierKey {
  readonly name: string;
  readonly id: string;
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
}

/** The fields of a checkpoint (c2sp.org/tlog-checkpoint). `root` is lower-case hex. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

const ED25519 = 0x01;

/** Reads a verifier key. @throws Error that says what is wrong with it. */
export async function readVerifierKey(text: string): Promise<VerifierKey> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (match === null)
    throw new Error(t('The key is not of the form <name>+<key id>+<key in base64>.'));
  const [, name, id, base64] = match as unknown as [string, string, string, string];
  const bytes = fromBase64(base64, t('The key'));
  if (bytes.length !== 33 || bytes[0] !== ED25519)
    throw new Error(t('The key is not an Ed25519 key.'));
  const expected = toHex((await sha256(joined(utf8(`${name}\n`), bytes))).slice(0, 4));
  if (expected !== id)
    throw new Error(t('The key’s id is {0}, but its name and bytes give {1}.', id, expected));
  const key = await crypto.subtle.importKey('raw', bytes.slice(1), { name: 'Ed25519' }, false, [
    'verify',
  ]);
  return { name, id, key };
}

const NOTE =
  /^((?:[^\n]+)\n(?:0|[1-9][0-9]{0,15})\n(?:[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*)\n((?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+)$/;

/**
 * Reads a checkpoint that a key signed.
 * @throws Error if it is not a checkpoint, or if the key did not sign it.
 */
export async function readCheckpoint(note: string, key: VerifierKey): Promise<Checkpoint> {
  const match = NOTE.exec(note);
  if (match === null) throw new Error(t('The checkpoint is not a signed note of three lines.'));
  const [, text, signatures] = match as unknown as [string, string, string];
  const own = signatures
    .trimEnd()
    .split('\n')
    .map(signatureIn)
    .filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0)
    throw new Error(
      t('The root is not signed by {0}, but by another key.', `${key.name}+${key.id}`),
    );
  for (const { signature } of own) {
    if (!(await crypto.subtle.verify({ name: 'Ed25519' }, key.key, signature, utf8(text)))) {
      throw new Error(
        t('The signature of the root is wrong: the root or the signature was changed.'),
      );
    }
  }
  const [origin, size, root] = text.split('\n') as [string, string, string];
  return { origin, size: Number(size), root: toHex(fromBase64(root, t('The root'))) };
}

function signatureIn(line: string): { name: string; id: string; signature: Bytes } {
  const [, name, base64] = line.split(' ') as [string, string, string];
  const bytes = fromBase64(base64, t('A signature'));
  return { name, id: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
}
