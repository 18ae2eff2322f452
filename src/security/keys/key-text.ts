import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { isRole, type Role } from '../roles';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** How many base62 digits 256 bits need, and how many a CRC-32 needs. */
const SECRET_DIGITS = 43;
const CHECK_DIGITS = 6;

/** The pattern of a key. docs/how-to/manage-keys.md gives it to secret scanners. */
const KEY = new RegExp(
  `^mb_([a-z]+)_([0-9A-Za-z]{${SECRET_DIGITS}})([0-9A-Za-z]{${CHECK_DIGITS}})$`,
);

/** Makes a new key: a prefix that scanners know, 256 random bits, and a checksum of both. */
export function makeKeyText(role: Role): string {
  const body = `mb_${role}_${base62(randomBytes(SECRET_BYTES), SECRET_DIGITS)}`;
  return body + checksumOf(body);
}

/** Whether a text can be a key at all. A truncated or mistyped key is refused without a lookup. */
export function isKeyText(text: string): boolean {
  const match = KEY.exec(text);
  if (match === null || !isRole(match[1])) return false;
  return checksumOf(text.slice(0, -CHECK_DIGITS)) === match[3];
}

/** Whether a text is meant to be a key, valid or not. A token never begins like one. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('mb_');
}

/** Returns what is stored of a key: an HMAC-SHA-256 under a secret from the same store. It does not reveal the key. */
export function hashKey(pepper: Buffer, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest();
}

/** Makes the id of a key, which is not secret. */
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
