import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/**
 * Signed roots in the form of C2SP: a checkpoint (tlog-checkpoint) in a signed note (signed-note), with Ed25519
 * signatures. Any checker of such notes can read them.
 */

/** The algorithm byte of Ed25519 in key ids and verifier keys. */
const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
const RAW_KEY_BYTES = 32;
/** The DER prefix of an Ed25519 public key (RFC 8410). The raw key follows it. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A signer: a key, and the name that it signs under (no spaces, no `+`). */
export interface NoteSigner {
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** The root of the first `size` events of the ledger that `origin` names. */
export interface SignedRoot {
  readonly origin: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
}

/** The 32 bytes of a key's public half. */
function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES);
}

/**
 * The id by which a signature names its key: the first four bytes of SHA-256 over name, line feed, algorithm and key.
 */
function keyId(name: string, raw: Buffer): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(raw)
    .digest()
    .subarray(0, KEY_ID_BYTES);
}

/** Returns the verifier key in the form that people pass on: `<name>+<key id in hex>+<base64 of algorithm and key>`. */
export function verifierKey({ name, privateKey }: NoteSigner): string {
  const raw = rawPublicKey(privateKey);
  const key = Buffer.concat([Buffer.from([ED25519]), raw]).toString('base64');
  return `${name}+${keyId(name, raw).toString('hex')}+${key}`;
}

/** Returns the checkpoint of a root as a signed note. */
export function signRoot(root: SignedRoot, signer: NoteSigner): string {
  return signNote(root, [], [signer]);
}

/** Returns the checkpoint of a root, with further lines that the signature covers too. */
export function signNote(
  { origin, size, root }: SignedRoot,
  lines: readonly string[],
  signers: readonly NoteSigner[],
): string {
  const base64 = Buffer.from(root, 'hex').toString('base64');
  const text = [origin, size, base64, ...lines].map((line) => `${line}\n`).join('');
  const signatures = signers.map(({ name, privateKey }) => {
    const signature = sign(null, Buffer.from(text), privateKey);
    const bytes = Buffer.concat([keyId(name, rawPublicKey(privateKey)), signature]);
    return `— ${name} ${bytes.toString('base64')}\n`;
  });
  return `${text}\n${signatures.join('')}`;
}

/** A note's content once checked against verifier keys, or a sentence that says why it can't be trusted. */
export type CheckedNote = { readonly signed: SignedRoot } | { readonly fault: string };

const NOTE =
  /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)\n((?:— [^\n]+\n)+)$/;

/** Reads a note that one of the verifier keys signed. */
export function checkNote(note: string, verifierKeys: readonly string[]): CheckedNote {
  const found = NOTE.exec(note);
  if (found === null) return { fault: 'It is not a signed checkpoint.' };
  const [, origin, size, root, , signatures] = found;
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  for (const line of signatures!.trimEnd().split('\n')) {
    const [, name, signature] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    if (name === undefined) return { fault: 'One of its signature lines is malformed.' };
    const bytes = Buffer.from(signature!, 'base64');
    for (const key of verifierKeys) {
      const known = readVerifierKey(key);
      if (known === undefined || known.name !== name) continue;
      if (!bytes.subarray(0, KEY_ID_BYTES).equals(known.id)) continue;
      if (!verify(null, Buffer.from(text), known.key, bytes.subarray(KEY_ID_BYTES))) {
        return { fault: `Its signature by ${name} is wrong: the text was changed.` };
      }
      const hex = Buffer.from(root!, 'base64').toString('hex');
      return { signed: { origin: origin!, size: Number(size), root: hex } };
    }
  }
  return { fault: 'No known key signed it.' };
}

function readVerifierKey(text: string): { name: string; id: Buffer; key: KeyObject } | undefined {
  const [, name, id, key] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const bytes = Buffer.from(key!, 'base64');
  const raw = bytes.subarray(1);
  if (bytes[0] !== ED25519 || raw.length !== RAW_KEY_BYTES) return undefined;
  if (keyId(name, raw).toString('hex') !== id) return undefined;
  const der = Buffer.concat([SPKI_PREFIX, raw]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return { name, id: Buffer.from(id, 'hex'), key: publicKey };
}

/**
 * Adds the signature lines of an earlier copy of a note. A copy with another text is ignored: its signatures would not
 * verify.
 */
export function withSignaturesOf(note: string, earlier: string | undefined): string {
  const end = note.indexOf('\n\n') + 2;
  if (end === 1 || earlier === undefined || !earlier.startsWith(note.slice(0, end))) return note;
  const signers = new Set(signatureLines(note).map(signerOf));
  const others = signatureLines(earlier).filter((line) => !signers.has(signerOf(line)));
  return `${note}${others.map((line) => `${line}\n`).join('')}`;
}

function signatureLines(note: string): string[] {
  return note
    .slice(note.indexOf('\n\n') + 2)
    .split('\n')
    .filter((line) => line !== '');
}

/** Returns the name and the key id of a signature line. */
function signerOf(line: string): string {
  const [, name = '', base64 = ''] = line.split(' ');
  return `${name} ${Buffer.from(base64, 'base64').subarray(0, KEY_ID_BYTES).toString('hex')}`;
}
