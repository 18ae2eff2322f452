const LONGEST_NAME = 64;

/**
 * Adds a member's name to a JSON pointer (RFC 6901). A name longer than 64 characters is cut before it is escaped, so
 * that no escape is cut in two.
 */
export function pointerTo(at: string, name: string): string {
  const shown = name.slice(0, LONGEST_NAME).toWellFormed();
  return `${at}/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
