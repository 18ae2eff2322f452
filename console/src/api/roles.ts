import type { Schema } from './client';

/** The roles that read something, and so may sign in. */
export type Role = Schema<'Caller'>['role'];

/** What the console shows to a role. The service refuses whatever the role may not do. */
interface Sees {
  /** The pages of finance, and what only finance may do on the pages of users. */
  readonly finance: boolean;
  /** Keys and webhooks. */
  readonly administration: boolean;
}

const SEES = {
  reader: { finance: false, administration: false },
  finance: { finance: true, administration: false },
  admin: { finance: true, administration: true },
} satisfies Readonly<Record<Role, Sees>>;

/** Returns what the console shows to holders of a role. */
export function seenBy(role: Role): Sees {
  return SEES[role];
}
