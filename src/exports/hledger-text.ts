/** Everything that is not a letter, a digit, one of `. _ @ ~ -`, or a single space between two of them. */
const UNSAFE = /[^A-Za-z0-9._@~ -]|^ | (?= )| $/gu;

/**
 * Escapes a text so that it has no special meaning to hledger anywhere. Unsafe characters are percent-encoded as UTF-8,
 * so no id or reason can begin a comment, a code, a tag or another account, and each can be decoded. The result is
 * ASCII, because hledger refuses other bytes in the C locale.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (one) =>
    [...Buffer.from(one, 'utf8')]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** Prints whole cents as an amount, always with two decimals. */
export function printAmount(cents: number, currency: string): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const sign = cents < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)} ${currency}`;
}
