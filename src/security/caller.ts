import { covers, type Role } from './roles';

/** The sender of a request, according to its key or token. */
export interface Caller {
  /** A unique name of the caller, which cursors and jobs are bound to. */
  readonly id: string;
  /** The caller's name in events: the key's name or the token's subject. */
  readonly author: string;
  readonly roles: readonly Role[];
  /** The prefix that the sources of a producer's events must have; `null` = any. */
  readonly source: string | null;
  /** The one user that a reader sees; `null` = all. */
  readonly userId: string | null;
}

/** The one user whose usage the caller may see; `null` if they may see everyone's. */
export function onlyUserOf({ roles, userId }: Caller): string | null {
  return covers(roles, 'finance') ? null : userId;
}
