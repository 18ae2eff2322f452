/** What a key or token lets its holder do (docs/reference/http.md#who-may-do-what), the least powerful first. */
export const ROLES = ['producer', 'reader', 'finance', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/**
 * Finance may do all that a reader may, and an admin all that finance may. Only producers may post events, and they may
 * do nothing else.
 */
const COVERS: Readonly<Record<Role, readonly Role[]>> = {
  producer: ['producer'],
  reader: ['reader'],
  finance: ['reader', 'finance'],
  admin: ['reader', 'finance', 'admin'],
};

/** Whether holders of these roles may do what needs the role `asked`. */
export function covers(held: readonly Role[], asked: Role): boolean {
  return held.some((role) => COVERS[role].includes(asked));
}

/** Returns the roles that may do what needs the role `asked`, the least powerful first. */
export function rolesFor(asked: Role): readonly Role[] {
  return ROLES.filter((held) => covers([held], asked));
}

export function isRole(text: unknown): text is Role {
  return (ROLES as readonly unknown[]).includes(text);
}
