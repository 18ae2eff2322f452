import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { isRole, type Role } from '../roles';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** As many base62 digits as 256 bits need, and as a CRC-32 needs. */
const SECRET_DIGITS = 43;
const CHECK_DIGITS = 6;

/** What a secret scanner looks for: docs/how-to/manage-keys.md names it. */
const KEY = new RegExp(
  `^mb_([a-z]+)_([0-9A-Za-z]{${SECRET_DIGITS}})([0-9A-Za-z]{${CHECK_DIGITS}})$`,
);

/** A new key: 256 random bits, behind a prefix that scanners know, before a checksum of both. */
export function makeKeyText(role: Role): string {
  const body = `mb_${role}_${base62(randomBytes(SECRET_BYTES), SECRET_DIGITS)}`;
  return body + checksumOf(body);
}

/** Whether a text can be a key at all: what was cut off or mistyped is refused without a look at any store. */
export function isKeyText(text: string): boolean {
  const match = KEY.exec(text);
  if (match === null || !isRole(match[1])) return false;
  return checksumOf(text.slice(0, -CHECK_DIGITS)) === match[3];
}

/** Whether a text is meant as a key, sound or not: a token never begins like that. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('mb_');
}

/** What is kept of a key: an HMAC-SHA-256 under a secret of the same place. The key does not follow from it. */
export function hashKey(pepper: Buffer, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest();
}

/** The name of a key, which is no secret. */
export function makeKeyId(): string {
  return `key_${base62(randomBytes(12), 17)}`;
}

function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base62(bytes, CHECK_DIGITS);
}

function base62(bytes: Buffer, width: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  while (text.length < width) {
    text = DIGITS[Number(rest % 62n)]! + text;
    rest /= 62n;
  }
  return text;
}
