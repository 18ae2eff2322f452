import { t } from '../i18n/language';

/** Bytes to text and back. Only the canonical spelling is read: a second one would let a text change unnoticed. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads lower-case hex. @throws Error if it is not lower-case hex of whole bytes. */
export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error(t('A hash is not lower-case hex.'));
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Reads canonical base64. @throws Error that names `what` if it is anything else. */
export function fromBase64(text: string, what: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Error(t('{0} is not base64.', what));
  }
  if (btoa(binary) !== text) throw new Error(t('{0} is not canonical base64.', what));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function utf8(text: string): Bytes {
  return Uint8Array.from(new TextEncoder().encode(text));
}

export function joined(...parts: readonly (Uint8Array | readonly number[])[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
