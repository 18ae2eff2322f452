/** Bytes as texts, and back. A text with two spellings could be changed unseen, so only the one right spelling is read. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws Error if it is not lower-case hex of whole bytes. */
export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error('A hash is not lower-case hex.');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @throws Error naming `what`, if it is not base64 in its one spelling. */
export function fromBase64(text: string, what: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Error(`${what} is not base64.`);
  }
  if (btoa(binary) !== text) throw new Error(`${what} is not proper base64.`);
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
