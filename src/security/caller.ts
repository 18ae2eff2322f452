import { covers, type Role } from './roles';

/** Who sends a request, as their key or token says. */
export interface Caller {
  /** Names the caller among all: what cursors and jobs are bound to. */
  readonly id: string;
  /** How events name them: a key's name, a token's subject. */
  readonly author: string;
  readonly roles: readonly Role[];
  /** A producer's events must have a source that begins with it; `null` = any. */
  readonly source: string | null;
  /** The one user whom a reader sees; `null` = all. */
  readonly userId: string | null;
}

/** The one user whose usage the caller may see; `null` if they may see everyone's. */
export function onlyUserOf({ roles, userId }: Caller): string | null {
  return covers(roles, 'finance') ? null : userId;
}
