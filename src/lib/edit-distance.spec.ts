import { editDistance } from './edit-distance';

describe('the distance between two names', () => {
  it.each([
    ['same', 'same', 0],
    ['', 'abc', 3],
    ['cards', 'card', 1],
    ['card', 'cards', 1],
    ['zome', 'zone', 1],
    ['zoen', 'zone', 1],
    ['rate', 'plan', 4],
    ['ssl_cert', 'tls_cert', 2],
  ])('from %p to %p is %d', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
    expect(editDistance(other, one)).toBe(distance);
  });
});
