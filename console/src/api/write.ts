/** The header under which a write is recorded once, however often it is sent. */
export const once = (key: string) => ({ 'Idempotency-Key': key });
