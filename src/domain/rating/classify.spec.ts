import { isNextBillable } from './classify';
import type { RateCard } from './rate-card';

const card = (retry_after_failure: RateCard['retry_after_failure']) =>
  ({ retry_after_failure }) as RateCard;
const retry = { type: 'retry_failed', earlierOpen: false, earlierSuccess: false } as const;

describe('whether the next attempt would be billed', () => {
  it('is yes for an original, and for a retry after a success', () => {
    expect(isNextBillable({ ...retry, type: 'original' }, undefined)).toBe(true);
    expect(isNextBillable({ ...retry, type: 'retry_success' }, card('free'))).toBe(true);
  });

  it('is not known while the outcome of the attempt before it is not known', () => {
    expect(isNextBillable({ ...retry, type: null }, undefined)).toBeNull();
  });

  it('is decided by the card after a failure', () => {
    const next = { ...retry, earlierOpen: true };
    expect(isNextBillable(next, card('bill'))).toBe(true);
    expect(isNextBillable(next, card('free'))).toBe(false);
    expect(isNextBillable(next, card('bill_first_success'))).toBeNull();
    expect(isNextBillable(retry, card('bill_first_success'))).toBe(true);
    expect(isNextBillable({ ...retry, earlierSuccess: true }, undefined)).toBe(false);
  });
});
