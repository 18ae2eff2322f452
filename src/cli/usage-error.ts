/** A command was called in a wrong way. Ends with exit status 2 and shows the usage. */
export class UsageError extends Error {}
