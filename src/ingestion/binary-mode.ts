import type { Json } from '../domain/events/facts';
import { Problem } from '../http/problem';
import { decodeStrictly } from '../lib/strict-json';

const PREFIX = 'ce-';
/** A complete quoted-string of RFC 9110. */
const QUOTED = /^"(?:[^"\\]|\\.)*"$/s;

/**
 * Reads an event in binary mode: the attributes are in `ce-` headers, the body is the data.
 * @param rawHeaders names and values alternating, as received. Joined headers would hide that one occurs twice.
 * @throws Problem `invalid_attribute`.
 */
export function readBinary(rawHeaders: readonly string[], mediaType: string, data: Json): Json {
  const event = new Map<string, Json>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!name.startsWith(PREFIX)) continue;
    const attribute = name.slice(PREFIX.length);
    if (event.has(attribute)) {
      throw new Problem(
        'invalid_attribute',
        `The header ${name} occurs more than once: an attribute has one value.`,
        { pointer: `/${attribute}` },
      );
    }
    event.set(attribute, decode(name, rawHeaders[at + 1]!));
  }
  return { ...Object.fromEntries(event), datacontenttype: mediaType, data };
}

/** Unquotes the value, then percent-decodes it, as the HTTP binding says (3.1.3.2). */
function decode(name: string, value: string): string {
  const plain = QUOTED.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
  try {
    // Node gives header bytes as Latin-1. Bytes above ASCII are UTF-8 that was not percent-encoded.
    return decodeURIComponent(decodeStrictly(Buffer.from(plain, 'latin1')));
  } catch {
    throw new Problem(
      'invalid_attribute',
      `The header ${name} is not percent-encoded UTF-8. Write a % as %25.`,
      { pointer: `/${name.slice(PREFIX.length)}` },
    );
  }
}
