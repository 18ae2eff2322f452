import fc from 'fast-check';

import type { Agreement } from '../domain/account/agreement';
import { Terms } from '../domain/account/terms';
import { stretchesOf } from './user-plan';

const HOUR = 3_600_000;
const at = (hour: number) => new Date(hour * HOUR).toISOString();
const said = fc.record({
  plan: fc.constantFrom('free', 'pro', 'team'),
  hour: fc.integer({ min: 1, max: 9 }),
});

describe("a user's plans", () => {
  it('agree with the terms at every moment', () => {
    fc.assert(
      fc.property(fc.array(said), fc.array(said), (defaults, assigned) => {
        const from = ({ plan, hour }: { plan: string; hour: number }) => ({
          plan,
          effective_from: at(hour),
        });
        const account = {
          assignments: assigned.map((one) => ({ ...from(one), currency: null })),
        };
        const plans = Object.fromEntries(['free', 'pro', 'team'].map((name) => [name, {}]));
        const agreement = {
          opened: { billing_time_zone: 'UTC' },
          cards: [],
          plans,
          defaults: defaults.map(from),
          closes: [],
        } as unknown as Agreement;
        const terms = new Terms(agreement, () => account);
        const stretches = stretchesOf(terms, account);
        for (const [index, one] of stretches.entries()) {
          // There are no gaps, and no stretch is empty.
          expect(one.from).toBe(stretches[index - 1]?.to ?? null);
          expect(one.to === null).toBe(index === stretches.length - 1);
        }
        for (let hour = 0; hour <= 10; hour += 1) {
          const now = hour * HOUR;
          const found = stretches.filter(
            ({ from: since, to }) =>
              (since === null || Date.parse(since) <= now) && (to === null || now < Date.parse(to)),
          );
          expect(found.map(({ plan }) => plan)).toEqual([terms.plan('ann', now).plan]);
          expect(found[0]!.assigned).toBe(assigned.some((one) => one.hour <= hour));
        }
      }),
    );
  });
});
