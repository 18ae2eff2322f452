import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

import { DoesNotFollow } from './problem';

/**
 * The algorithm bytes in key ids and verifier keys of signed notes (c2sp.org/signed-note): for Ed25519, and for its
 * cosignatures.
 */
const ED25519 = 0x01;
const COSIGNATURE = 0x04;
/** The last second that a JavaScript date can hold. */
const LAST_SECOND = 8_640_000_000_000n;
/** The DER prefix of an Ed25519 public key (RFC 8410). The key's 32 bytes follow it. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A verifier key, `<name>+<key id in hex>+<base64 of algorithm and key>`. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** The content of a checkpoint (c2sp.org/tlog-checkpoint). `root` is in lower-case hex. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

/** Reads a ledger's key. @throws DoesNotFollow if it is not one. */
export function readVerifierKey(text: string): VerifierKey {
  return readKey(text, ED25519, 'The key is not an Ed25519 key.');
}

/** Reads a witness's key. @throws DoesNotFollow if it is not one. */
export function readWitnessKey(text: string): VerifierKey {
  return readKey(text, COSIGNATURE, 'The key is not that of a witness: its first byte is not 04.');
}

function readKey(text: string, algorithm: number, otherwise: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (match === null) {
    throw new DoesNotFollow('The key is not of the form <name>+<key id>+<key in base64>.');
  }
  const [, name, id, base64] = match as unknown as [string, string, string, string];
  const bytes = exact(base64, 'The key');
  if (bytes.length !== 33 || bytes[0] !== algorithm) throw new DoesNotFollow(otherwise);
  const expected = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  if (expected.toString('hex') !== id) {
    throw new DoesNotFollow(
      `The key's id is ${id}, but from its name and bytes it would be ${expected.toString('hex')}.`,
    );
  }
  const der = Buffer.concat([SPKI, bytes.subarray(1)]);
  return { name, id: expected, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

const NOTE =
  /^((?:[^\n]+)\n(?:0|[1-9][0-9]{0,15})\n(?:[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*)\n((?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+)$/;

/**
 * Reads a checkpoint and checks that a key signed it.
 * @throws DoesNotFollow if it is not a checkpoint, or if the key did not sign it.
 */
export function readCheckpoint(note: string, key: VerifierKey): Checkpoint {
  const match = NOTE.exec(note);
  if (match === null)
    throw new DoesNotFollow('The checkpoint is not a signed note of three lines.');
  const [, text, signatures] = match as unknown as [string, string, string];
  const [origin, size, root] = text.split('\n') as [string, string, string];
  const lines = signatures.trimEnd().split('\n').map(readSignature);
  const own = lines.filter(({ name, id }) => name === key.name && id.equals(key.id));
  if (own.length === 0) {
    const names = lines.map(({ name, id }) => `${name}+${id.toString('hex')}`).join(', ');
    throw new DoesNotFollow(
      `The checkpoint is signed by another key: ${names}, not ${key.name}+${key.id.toString('hex')}.`,
    );
  }
  for (const { signature } of own) {
    if (!verify(null, Buffer.from(text), key.key, signature)) {
      throw new DoesNotFollow(
        'The signature of the checkpoint is wrong: the checkpoint or the signature was changed.',
      );
    }
  }
  return { origin, size: Number(size), root: exact(root, 'The root').toString('hex') };
}

/**
 * Returns when a witness cosigned a checkpoint (c2sp.org/tlog-cosignature), in seconds since 1970; null if it did not.
 * @param note one that {@link readCheckpoint} has read.
 * @throws DoesNotFollow if the cosignature is wrong.
 */
export function cosignedAt(note: string, witness: VerifierKey): number | null {
  const end = note.indexOf('\n\n') + 1;
  const lines = note
    .slice(end + 1)
    .trimEnd()
    .split('\n')
    .map(readSignature);
  const own = lines.filter(({ name, id }) => name === witness.name && id.equals(witness.id));
  if (own.length === 0) return null;
  const times = own.map(({ signature }) => {
    const stamp = signature.length === 72 ? signature.readBigUInt64BE(0) : 0n;
    const said = `cosignature/v1\ntime ${stamp}\n${note.slice(0, end)}`;
    if (
      stamp === 0n ||
      stamp > LAST_SECOND ||
      !verify(null, Buffer.from(said), witness.key, signature.subarray(8))
    ) {
      throw new DoesNotFollow(`The cosignature of the witness ${witness.name} is wrong.`);
    }
    return Number(stamp);
  });
  return Math.max(...times);
}

function readSignature(line: string): { name: string; id: Buffer; signature: Buffer } {
  const [, name, base64] = line.split(' ') as [string, string, string];
  const bytes = exact(base64, 'A signature');
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Decodes base64 in its one proper spelling. A second spelling would let a text be changed unseen. */
function exact(base64: string, what: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new DoesNotFollow(`${what} is not proper base64.`);
  return bytes;
}
