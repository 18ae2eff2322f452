/** The keys of our advisory locks in a database. The first half marks them as ours, the second says what is locked. */
export const LOCKS = 0x6d62; // "mb"

/** The holder advances the projection. */
export const PROJECTION_LOCK = 1;
/** Held by the instance that needs exclusive access. */
export const WANTED_LOCK = 2;
/** Shared by all instances that append; held exclusively by the one that appends alone. */
export const APPEND_LOCK = 3;
/** Held by the process that rebuilds read models. */
export const REBUILD_LOCK = 4;
