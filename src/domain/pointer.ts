const LONGEST_NAME = 64;

/**
 * The JSON pointer (RFC 6901) to a member of what another pointer names. A name longer than 64 characters is
 * cut before it is escaped, so no escape is cut in two.
 */
export function pointerTo(at: string, name: string): string {
  const shown = name.slice(0, LONGEST_NAME).toWellFormed();
  return `${at}/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
