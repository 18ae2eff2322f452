/** What a key or token lets its holder do (docs/reference/http.md#who-may-do-what), the least first. */
export const ROLES = ['producer', 'reader', 'finance', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Finance does all that a reader may, admin all that finance may. Producers post events and nothing else. */
const COVERS: Readonly<Record<Role, readonly Role[]>> = {
  producer: ['producer'],
  reader: ['reader'],
  finance: ['reader', 'finance'],
  admin: ['reader', 'finance', 'admin'],
};

/** Whether a holder of these roles may do what asks for one. */
export function covers(held: readonly Role[], asked: Role): boolean {
  return held.some((role) => COVERS[role].includes(asked));
}

/** The roles whose holders may do what asks for one, the least first. */
export function rolesFor(asked: Role): readonly Role[] {
  return ROLES.filter((held) => covers([held], asked));
}

export function isRole(text: unknown): text is Role {
  return (ROLES as readonly unknown[]).includes(text);
}
