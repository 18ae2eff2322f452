/** A command was used otherwise than it can be: exit status 2, and how it is used. */
export class UsageError extends Error {}
