import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { periodOr, useIsFinance, usePerson, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { instant, month } from '../../format';
import { readable } from '../../shell/as-of';
import { Chip } from '../../parts/chip';
import { PageHead } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { change, hrefTo, useRoute } from '../../route';
import { AdjustButton } from '../acts/adjust';
import { AssignPlanButton } from '../acts/assign-plan';
import { Adjustments } from './adjustments';
import { ComparedPanel } from './compared-panel';
import { Months } from './months';
import { PlanPanel } from './plan-panel';
import { PrintButton } from './print-button';
import { Statement } from './statement';
import { UserFigures } from './user-figures';
import { t, tx } from '../../i18n/language';

export type Summary = Schema<'Summary'>;

/** One user: the month's bill, the months before, the plan, and the statement line by line. */
export function UserPage({ id }: { readonly id: string }) {
  const person = usePerson();
  const route = useRoute();
  const period = periodOr(route.period, person);
  const currency = route.query.get('currency') ?? undefined;
  const path = { user_id: id };
  const as_of = route.asOf;
  const read = useRead(['user', id, period, currency], () =>
    answerOf(
      api.GET('/v1/users/{user_id}/usage-summary', {
        params: { path, query: given({ period, currency, as_of }) },
      }),
    ),
  );
  return (
    <Shown read={read}>
      {(summary) => (
        <>
          <Head summary={summary} />
          <UserFigures summary={summary} />
          <div class="columns wide-first">
            <Months id={id} currency={summary.currency} period={period} />
            <PlanPanel summary={summary} />
          </div>
          <ComparedPanel summary={summary} />
          <Adjustments summary={summary} />
          <Statement summary={summary} />
        </>
      )}
    </Shown>
  );
}

function Head({ summary }: { readonly summary: Summary }) {
  const isFinance = useIsFinance();
  const { asOf } = useRoute();
  const [printed, setPrinted] = useState<string>();
  const { user_id: id, period, currency } = summary;
  return (
    <PageHead
      title={<bdi>{id}</bdi>}
      under={
        <>
          {tx(
            '{0} · amounts in {1} {2}{3}{4}',
            month(period),
            currency,
            summary.closed ? <Chip tone="good">{t('Closed')}</Chip> : <Chip>{t('Open')}</Chip>,
            summary.other_currencies.map((other) => (
              <button
                key={other}
                class="link"
                type="button"
                onClick={() => change({ currency: other })}
              >
                {tx('Also {0}', other)}
              </button>
            )),
            <PrintedAt asOf={asOf} moment={printed} />,
          )}
        </>
      }
      actions={
        <>
          <a class="button" href={hrefTo(['users', id, 'compare'])}>
            {t('Changes since…')}
          </a>
          <PrintButton summary={summary} onPrint={setPrinted} />
          {isFinance && asOf === undefined && (
            <>
              <AssignPlanButton id={id} />
              <AdjustButton summary={summary} />
            </>
          )}
        </>
      }
    />
  );
}

interface PrintedAtProps {
  readonly asOf: string | undefined;
  /** When the Print button was pressed; `undefined` if the browser prints the page as it is. */
  readonly moment: string | undefined;
}

/** Says on paper which moment a statement shows. */
function PrintedAt({ asOf, moment }: PrintedAtProps) {
  const zone = useZone();
  const time = useRef<HTMLSpanElement>(null);
  // Written by hand, because the browser does not wait until the page has rendered again.
  useLayoutEffect(() => {
    const write = () => {
      time.current!.textContent = instant(moment ?? new Date().toISOString(), zone);
    };
    write();
    addEventListener('beforeprint', write);
    return () => removeEventListener('beforeprint', write);
  });
  return (
    <span class="paper-only">
      {' '}
      · {asOf === undefined ? t('as of') : t('as known at {0}, printed', readable(asOf, zone))}{' '}
      <span ref={time} /> ({zone})
    </span>
  );
}
