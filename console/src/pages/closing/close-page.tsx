import type { Schema } from '../../api/client';
import { usePeriods } from '../../api/periods';
import { useZone } from '../../api/person';
import { useRead } from '../../api/use-read';
import { change, count, instant, listed, money, month } from '../../format';
import { Chip } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo, useRoute } from '../../route';
import { CloseButton } from './close-button';
import { lookAt, type Look } from './look';
import { Step } from './step';
import { UnfinishedStep, WaitingStep } from './waiting-steps';
import { t, tx } from '../../i18n/language';

/** The steps to a closed month: what is waiting, what is late, the totals, then the close. */
export function ClosePage({ period }: { readonly period: string }) {
  const periods = usePeriods();
  const known = periods.data?.find((one) => one.period === period);
  const openBefore = (periods.data ?? [])
    .filter((one) => one.period < period && one.state !== 'closed')
    .map((one) => one.period)
    .sort();
  return (
    <>
      <PageHead
        title={
          known?.state === 'closed'
            ? t('{0} is closed', month(period))
            : t('Close {0}', month(period))
        }
        under={<a href={hrefTo(['closing'])}>{t('All months')}</a>}
      />
      <Shown read={periods}>
        {() =>
          known?.state === 'closed' ? (
            <Closed period={known} />
          ) : (
            <Open period={period} known={known} openBefore={openBefore} />
          )
        }
      </Shown>
    </>
  );
}

interface OpenProps {
  readonly period: string;
  /** The month as the service knows it; `undefined` if it has no usage. */
  readonly known: Schema<'BillingPeriod'> | undefined;
  /** Earlier months that are not closed, the oldest first. */
  readonly openBefore: readonly string[];
}

function Open({ period, known, openBefore }: OpenProps) {
  const { asOf } = useRoute();
  const read = useRead(['close', period, known?.from, known?.to], () =>
    lookAt(period, known, asOf),
  );
  return (
    <Shown read={read}>
      {(look) => (
        <Walk
          period={period}
          end={known?.to}
          openBefore={openBefore}
          look={look}
          mayClose={asOf === undefined}
        />
      )}
    </Shown>
  );
}

interface WalkProps extends Pick<OpenProps, 'period' | 'openBefore'> {
  readonly end: string | undefined;
  readonly look: Look;
  readonly mayClose: boolean;
}

function Walk({ period, end, openBefore, look, mayClose }: WalkProps) {
  const zone = useZone();
  const { report, blocking, now } = look;
  const isOver = end !== undefined && Date.parse(end) <= now;
  const late = report.by_day.filter(({ day }) => !day.startsWith(period));
  return (
    <ol class="walk">
      <Step
        title={t('The month is over')}
        tone={isOver ? 'good' : 'bad'}
        state={isOver ? t('yes') : t('not yet')}
      >
        {end === undefined
          ? t('It has no usage, so there is nothing to close.')
          : isOver
            ? t('It ended {0} ({1}).', instant(end, zone), zone)
            : t('It ends {0} ({1}).', instant(end, zone), zone)}
      </Step>
      {openBefore.length > 0 && (
        <Step
          title={t('Earlier months')}
          tone="plain"
          state={t('{0} open', count(openBefore.length))}
        >
          {t(
            'Still open: {0}. You can close months in any order; most books expect the oldest first.',
            listed(openBefore.map((one) => month(one))),
          )}{' '}
          <a href={hrefTo(['closing', openBefore[0]!])}>{t('Go to the oldest')}</a>
        </Step>
      )}
      <WaitingStep blocking={blocking} />
      <UnfinishedStep unfinished={look.unfinished} />
      <Step title={t('Late usage')} tone="plain" state={late.length === 0 ? t('none') : t('some')}>
        {late.length === 0
          ? t('No usage from earlier months is billed in this one.')
          : t('From earlier, closed months: {0}.', listed(late.map(lateOn)))}
      </Step>
      <Step
        title={t('The totals')}
        tone="plain"
        state={report.totals.length === 0 ? t('none') : t('check them')}
      >
        {report.totals.length > 0 && <Totals totals={report.totals} />}
        <a href={hrefTo(['period'], { period })}>{t('By day, provider and user')}</a>
      </Step>
      <Step title={t('The close')} tone="plain" state="">
        {tx(
          'It fixes these totals and a fingerprint (the Merkle root) of all events behind them. No number of the month changes afterwards.{0}',
          mayClose && (
            <p class="walk-end">
              <CloseButton
                period={period}
                totals={report.totals}
                waiting={blocking.items.length}
                isOver={isOver}
              />
            </p>
          ),
        )}
      </Step>
    </ol>
  );
}

const lateOn = (one: Schema<'Report'>['by_day'][number]) =>
  t('{0} {1} from {2}', one.currency, money(one.cost_cents), one.day);

type Total = Schema<'Report'>['totals'][number];

function Totals({ totals }: { readonly totals: readonly Total[] }) {
  return (
    <Table
      label={t('Totals')}
      rows={totals}
      keyOf={({ currency }) => currency}
      columns={[
        { head: t('Currency'), cell: ({ currency }) => currency },
        { head: t('Users'), cell: (one) => count(one.users), isNumber: true, isMinor: true },
        { head: t('Usage'), cell: (one) => money(one.usage_cost_cents), isNumber: true },
        { head: t('Adjustments'), cell: (one) => change(one.adjustments_cents), isNumber: true },
        { head: t('Billed'), cell: (one) => money(one.cost_cents), isNumber: true },
      ]}
    />
  );
}

function Closed({ period }: { readonly period: Schema<'BillingPeriod'> }) {
  const zone = useZone();
  return (
    <Panel title={t('Closed')} actions={<Chip tone="good">{t('Closed')}</Chip>}>
      <div class="panel-body">
        <dl class="facts">
          <div>
            <dt>{t('Closed at')}</dt>
            <dd>{period.closed_at !== null && instant(period.closed_at, zone)}</dd>
          </div>
          <div>
            <dt>{t('Events counted')}</dt>
            <dd>{period.size !== null && count(period.size)}</dd>
          </div>
        </dl>
        <p>
          <span class="quiet">{t('Root')}</span> <code class="id">{period.root}</code>
        </p>
        <p>
          {tx(
            'Next: {0} for your books or an auditor, or look at {1}.',
            <a href={hrefTo(['checks'], { period: period.period })}>
              {t('get the month as a file')}
            </a>,
            <a href={hrefTo(['period'], { period: period.period })}>{t('the month')}</a>,
          )}
        </p>
      </div>
      <Totals totals={period.totals ?? []} />
    </Panel>
  );
}
