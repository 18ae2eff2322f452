import { pointerTo } from './pointer';

describe('a pointer', () => {
  it.each([
    ['', 'plain', '/plain'],
    ['/prices', 'a/b~c', '/prices/a~1b~0c'],
    ['', '', '/'],
    ['', `${'x'.repeat(63)}~rest`, `/${'x'.repeat(63)}~0`],
    ['', `${'x'.repeat(63)}\u{1f600}`, `/${'x'.repeat(63)}\ufffd`],
  ])('from "%s" to the member "%s" is escaped, and never cut inside an escape', (at, name, to) => {
    expect(pointerTo(at, name)).toBe(to);
  });
});
