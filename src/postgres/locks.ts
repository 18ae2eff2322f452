/** The keys of our advisory locks in a database: the first half is ours, the second says what is locked. */
export const LOCKS = 0x6d62; // "mb"

/** The projection of bills is advanced by who holds it. */
export const PROJECTION_LOCK = 1;
/** Who wants to be alone, and is. */
export const WANTED_LOCK = 2;
/** Held together by all who append; held alone by who is to be alone. */
export const APPEND_LOCK = 3;
/** Who fills read models anew. */
export const REBUILD_LOCK = 4;
