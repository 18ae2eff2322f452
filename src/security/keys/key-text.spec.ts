import { randomBytes } from 'node:crypto';

import { ROLES } from '../roles';
import { hashKey, isKeyText, looksLikeKey, makeKeyId, makeKeyText } from './key-text';

describe('the text of a key', () => {
  it.each(ROLES)('of a %s says its role, and matches the pattern for scanners', (role) => {
    const text = makeKeyText(role);
    expect(text).toMatch(new RegExp(`^mb_${role}_[0-9A-Za-z]{49}$`));
    expect(isKeyText(text)).toBe(true);
  });

  it('is never the same twice, and fills its 256 bits', () => {
    const texts = Array.from({ length: 2_000 }, () => makeKeyText('reader').slice(-49, -6));
    expect(new Set(texts).size).toBe(texts.length);
    // 2^256 in base62 begins with C, so smaller first digits must occur too.
    expect(new Set(texts.map((text) => text[0])).size).toBeGreaterThan(8);
  });

  it('differs from one that is mistyped anywhere or cut off', () => {
    const text = makeKeyText('producer');
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'a' ? 'b' : 'a';
      expect(isKeyText(text.slice(0, at) + other + text.slice(at + 1))).toBe(false);
      expect(isKeyText(text.slice(0, at))).toBe(false);
    }
    expect(isKeyText(`${text}a`)).toBe(false);
    expect(isKeyText(text.replace('producer', 'admin'))).toBe(false);
  });

  it('differs from a token', () => {
    expect(looksLikeKey('mb_anything')).toBe(true);
    expect(looksLikeKey('eyJhbGciOiJSUzI1NiJ9.e30.c2ln')).toBe(false);
    expect(isKeyText('mb_root_'.padEnd(57, '0'))).toBe(false);
  });

  it('has a hash that depends on the secret', () => {
    const text = makeKeyText('admin');
    const [one, other] = [randomBytes(32), randomBytes(32)];
    expect(hashKey(one, text)).toHaveLength(32);
    expect(hashKey(one, text)).toEqual(hashKey(one, text));
    expect(hashKey(one, text)).not.toEqual(hashKey(other, text));
  });

  it('is unrelated to the id', () => {
    expect(makeKeyId()).toMatch(/^key_[0-9A-Za-z]{17}$/);
  });
});
