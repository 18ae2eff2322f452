import type { StoredFact } from './facts';
import { openPersonal, sealPersonal } from './sealing';
import { readFact, writeFact } from './stored';

const key = { id: 'k123', secret: Buffer.alloc(32, 7) };
const personal = {
  original_filename: 'a.wav',
  provider_metadata: { '2': 1, b: 0 },
  extensions: { traceparent: 't' },
};
/** The text stored by the first version that sealed values. It never changes. */
const SEALED =
  'CQkJCQkJCQkJCQkJXKfr5teXqA_BDpRej4bGsbXdBtEOzJbuGM8whPlWcQi8k46nhyB1fRrHxHIlQIL2Ri-8pjCun2JHDSOtZmtWrAkH_GvnVYXMtpPrTsTL8Id8iq5mynWh0wmdbKQrpXAfpJoQwYLrJRx2JTzTECZcdQ';
const BODY = `{"version":2,"source":"worker","id":"e1","time":"2026-10-01T10:00:00.123Z","data":{"session_id":"s","user_id":"u","stt_provider":"google","duration_seconds":"61.5","attempt":1,"channels":1},"personal":{"key":"k123","fields":["original_filename","provider_metadata","extensions"],"sealed":"${SEALED}"}}`;
const TYPE = 'transcription.session.completed';

describe('sealed personal values', () => {
  it('have a frozen form: version 2 of a completed fact', () => {
    const fact = readFact(TYPE, BODY)!;
    expect(fact.personal).toEqual({});
    expect(openPersonal(fact.sealed!, 'u', key.secret)).toEqual(personal);
    expect(writeFact(fact)).toEqual({ type: TYPE, body: BODY });
    expect(JSON.stringify(JSON.parse(BODY))).toBe(BODY);
  });

  it('open to what was sealed, and look different each time', () => {
    const one = sealPersonal(personal, 'u', key);
    const other = sealPersonal(personal, 'u', key);
    expect(one.sealed).not.toBe(other.sealed);
    for (const sealed of [one, other]) {
      expect(openPersonal(sealed, 'u', key.secret)).toEqual(personal);
      expect(sealed.fields).toEqual(Object.keys(personal));
    }
  });

  it('do not open under another key, for another user, or after a change', () => {
    const sealed = sealPersonal(personal, 'u', key);
    expect(openPersonal(sealed, 'u', Buffer.alloc(32, 8))).toBeUndefined();
    expect(openPersonal(sealed, 'v', key.secret)).toBeUndefined();
    for (let at = 0; at < sealed.sealed.length - 1; at += 7) {
      const other = sealed.sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.sealed.slice(0, at) + other + sealed.sealed.slice(at + 1);
      expect(openPersonal({ sealed: changed }, 'u', key.secret)).toBeUndefined();
    }
    expect(openPersonal({ sealed: 'AAAA' }, 'u', key.secret)).toBeUndefined();
  });

  it('are refused if they are not in the written form', () => {
    for (const wrong of [
      BODY.replace('"key":"k123",', ''),
      BODY.replace('["original_filename","provider_metadata","extensions"]', '[]'),
      BODY.replace(/,"personal":.*/, '}'),
    ]) {
      expect(() => readFact(TYPE, wrong)).toThrow('not sealed as they should be');
    }
    const newer = BODY.replace('"extensions"]', '"other"]');
    expect(() => readFact(TYPE, newer)).toThrow(
      'has a personal field "other", which this program does not know. A newer Minutebook wrote it',
    );
    const more = BODY.replace('"key":"k123"', '"key":"k123","more":1');
    expect(writeFact(readFact(TYPE, more) as StoredFact).body).not.toBe(more);
  });
});
