import type { BackoffOptions } from '../../lib/backoff';

/** Between two tries to reach a server, in milliseconds. */
export const SERVER_PAUSES: BackoffOptions = { firstMs: 50, mostMs: 2_000 };
