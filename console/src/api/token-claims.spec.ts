import { claimOf } from './token-claims';

const tokenOf = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

describe('a claim of a token', () => {
  it('is read as it is written, whatever its characters', () => {
    const token = tokenOf({ sub: 'חנה-🦊>>>???', email: 'ann@example.test' });
    expect(claimOf(token, 'sub')).toBe('חנה-🦊>>>???');
    expect(claimOf(token, 'email')).toBe('ann@example.test');
  });

  it.each([
    ['a key', 'mb_reader_abc'],
    ['no JSON', 'a.b.c'],
    ['another type', tokenOf({ sub: 7 })],
    ['null', tokenOf(null)],
    ['inherited', tokenOf({})],
  ])('is not there: %s', (_, token) => {
    expect(claimOf(token, 'sub')).toBeUndefined();
    expect(claimOf(token, 'toString')).toBeUndefined();
  });
});
