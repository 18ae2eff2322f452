import type { BackoffOptions } from '../../lib/backoff';

/** The pauses between tries to reach a server. */
export const SERVER_PAUSES: BackoffOptions = { firstMs: 50, mostMs: 2_000 };
