/** Returns the header that makes a write take effect once, however often it is sent. */
export const once = (key: string) => ({ 'Idempotency-Key': key });
