import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useRead } from '../../api/use-read';
import { given } from '../../api/query';
import { month } from '../../format';
import { Shown } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { textOfStep } from '../log/step-text';
import { cardsOf } from './compared';
import type { Line } from './statement';
import type { Summary } from './user-page';
import { t, tx } from '../../i18n/language';

/** The most providers whose prices are looked up: those that make the largest difference. */
const MOST = 3;

interface PricesProps {
  readonly was: Summary;
  readonly now: Summary;
  readonly providers: readonly string[];
}

interface Priced {
  readonly line: Line;
  readonly steps: readonly Schema<'Step'>[];
}

/** Shows the price, with its tier, of the last billed line of each month. */
export function PricesCompared({ was, now, providers }: PricesProps) {
  const { asOf } = useRoute();
  const names = providers.slice(0, MOST);
  const read = useRead(['prices', now.user_id, now.period, now.currency, names], () =>
    Promise.all([was, now].map((summary) => pricedIn(summary, names, asOf))).then((all) =>
      all.flat(),
    ),
  );
  return (
    <Shown read={read}>
      {(priced) => (
        <>
          <Cause
            cards={cardsOf(
              priced.map(({ line }) => line),
              names,
            )}
          />
          {priced.map(({ line, steps }) => (
            <p key={line.id}>
              {tx(
                'Last in {0}: {1} {2}',
                month(line.billing_period, 'short'),
                textOf(steps, line.currency),
                <a href={hrefTo(['logs', line.id])}>{t('The whole calculation')}</a>,
              )}
            </p>
          ))}
        </>
      )}
    </Shown>
  );
}

async function pricedIn(
  summary: Summary,
  names: readonly string[],
  as_of: string | undefined,
): Promise<readonly Priced[]> {
  const lines = await Promise.all(names.map((name) => lastOf(summary, name, as_of)));
  return Promise.all(lines.flatMap((line) => line ?? []).map((line) => priceOf(line, as_of)));
}

/** Returns a provider's last billed line of a month, if it is among the newest: free retries are few. */
async function lastOf(
  { user_id, period, currency }: Summary,
  provider: string,
  as_of: string | undefined,
): Promise<Line | undefined> {
  const query = given({ period, provider, as_of, limit: 100 });
  const { items } = await answerOf(
    api.GET('/v1/users/{user_id}/usage-logs', { params: { path: { user_id }, query } }),
  );
  return items.find((one) => one.billable && one.currency === currency);
}

async function priceOf(line: Line, as_of: string | undefined): Promise<Priced> {
  const log = await answerOf(
    api.GET('/v1/usage-logs/{id}', {
      params: { path: { id: line.id }, query: given({ as_of }) },
    }),
  );
  return { line, steps: log.explanation.steps };
}

function textOf(steps: readonly Schema<'Step'>[], currency: string): string {
  const price = steps.find(({ step }) => step === 'price');
  return price === undefined ? '' : textOfStep(price, currency);
}

/**
 * Says why prices differ. A different card is a change of prices; under the same card only tiers, included minutes,
 * surcharges and free usage differ.
 */
function Cause({ cards }: { readonly cards: ReturnType<typeof cardsOf> }) {
  switch (cards) {
    case 'unknown':
      return null;
    case 'same':
      return (
        <p>
          {t(
            'The same rate card applied at the end of both months: tiers, included minutes, surcharges and free usage make the average price differ.',
          )}
        </p>
      );
    case 'different':
      return (
        <p>
          {t(
            'A different rate card applied at the end of the month than at the end of the month before.',
          )}
        </p>
      );
  }
}
