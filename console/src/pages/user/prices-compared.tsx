import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useRead } from '../../api/use-read';
import { given } from '../../api/query';
import { month } from '../../format';
import { Shown } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { textOfStep } from '../log/step-text';
import { linesOf, type Line } from './statement';
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
          <p>{causeOf(priced, names)}</p>
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
  const { items } = await linesOf(summary, as_of)(undefined);
  const lines = names.flatMap(
    (name) =>
      items.find(
        (one) => one.stt_provider === name && one.billable && one.currency === summary.currency,
      ) ?? [],
  );
  return Promise.all(lines.map((line) => priceOf(line, as_of)));
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
function causeOf(priced: readonly Priced[], names: readonly string[]): string {
  const isSame = names.every((name) => {
    const own = priced.filter(({ line }) => line.stt_provider === name);
    return new Set(own.map(({ line }) => line.rate_card_id)).size <= 1;
  });
  return isSame
    ? t(
        'The same rate card applied at the end of both months: tiers, included minutes, surcharges and free usage make the average price differ.',
      )
    : t(
        'A different rate card applied at the end of the month than at the end of the month before.',
      );
}
