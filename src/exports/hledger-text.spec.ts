import fc from 'fast-check';

import { escapeText, printAmount } from './hledger-text';

describe('texts for hledger', () => {
  it('have no special meaning, are ASCII, and can be decoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = escapeText(text);
        expect(escaped).toMatch(/^[A-Za-z0-9._@~%-]*( [A-Za-z0-9._@~%-]+)*$/);
        expect(decodeURIComponent(escaped)).toBe(text.toWellFormed());
      }),
    );
    expect(escapeText('a:b;c (d)  | e, f: g')).toBe('a%3Ab%3Bc %28d%29%20 %7C e%2C f%3A g');
  });

  it('print amounts with two decimals, whatever the sign', () => {
    expect([0, 5, -5, 99, 100, -12_345].map((cents) => printAmount(cents, 'TWD'))).toEqual([
      ...['0.00 TWD', '0.05 TWD', '-0.05 TWD', '0.99 TWD', '1.00 TWD', '-123.45 TWD'],
    ]);
  });
});
