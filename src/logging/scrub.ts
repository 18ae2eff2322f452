const SECRETS: readonly (readonly [RegExp, string])[] = [
  // User and password in an address.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi, '$1***@'],
  [/\bmb_([a-z]+)_[0-9A-Za-z]{8,}/g, 'mb_$1_***'],
  [/\bwhsec_[0-9A-Za-z+/=_-]+/g, 'whsec_***'],
  [/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer ***'],
];

/**
 * Removes from a text what looks like a secret: credentials in an address, API keys, webhook secrets, bearer tokens.
 * The service's own messages hold none; the messages of libraries may.
 */
export function scrub(text: string): string {
  return SECRETS.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
}
