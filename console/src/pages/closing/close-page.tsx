import type { ComponentChildren } from 'preact';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { momentOf } from '../../api/moment';
import { usePeriods } from '../../api/periods';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { change, count, instant, listed, money, month, roughly } from '../../format';
import { Chip, type Tone } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo, useRoute } from '../../route';
import { CloseButton } from './close-button';
import { t, tx } from '../../i18n/language';
import { words } from '../../i18n/words';

type Waiting = Schema<'LeakReport'>['items'][number];

/** The steps to a closed month: what is waiting, what is late, the totals, then the close. */
export function ClosePage({ period }: { readonly period: string }) {
  const { asOf } = useRoute();
  const periods = usePeriods();
  const read = useRead(['close', period], () => lookAt(period, asOf));
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
      {known?.state === 'closed' ? (
        <Closed period={known} />
      ) : (
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
      )}
    </>
  );
}

interface Look {
  readonly report: Schema<'Report'>;
  readonly waiting: readonly Waiting[];
  readonly isAll: boolean;
  /** The moment that counts as now, in milliseconds since 1970. */
  readonly now: number;
}

/** The most waiting attempts that the page reads; the service itself counts all of them when it closes. */
const MOST = 500;

async function lookAt(period: string, as_of: string | undefined): Promise<Look> {
  const [report, leaks] = await Promise.all([
    answerOf(api.GET('/v1/reports/usage', { params: { query: given({ period, as_of }) } })),
    answerOf(api.GET('/v1/audit/leaks', { params: { query: given({ limit: MOST, as_of }) } })),
  ]);
  const now = await momentOf(as_of);
  return { report, waiting: leaks.items, isAll: leaks.next_cursor === null, now };
}

interface WalkProps {
  readonly period: string;
  readonly end: string | undefined;
  /** Earlier months that are not closed, the oldest first. */
  readonly openBefore: readonly string[];
  readonly look: Look;
  readonly mayClose: boolean;
}

function Walk({ period, end, openBefore, look, mayClose }: WalkProps) {
  const zone = useZone();
  const { report, waiting, isAll, now } = look;
  const isOver = end !== undefined && Date.parse(end) <= now;
  const before =
    end === undefined ? [] : waiting.filter(({ since }) => Date.parse(since) < Date.parse(end));
  const blocking = before.filter(({ kind }) => kind !== 'unfinished');
  const unfinished = before.length - blocking.length;
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
      <Step
        title={t('Usage that is still waiting')}
        tone={blocking.length === 0 ? 'good' : 'warn'}
        state={blocking.length === 0 ? t('none') : t('{0} waiting', count(blocking.length))}
      >
        {blocking.length === 0
          ? t('No completed attempt is pending or without a price.')
          : t(
              'Worth {0}. If you close the month now, this usage is billed later, as late usage.',
              worthOf(blocking),
            )}{' '}
        {!isAll && t('Only the oldest {0} are counted here; the service counts all.', count(MOST))}{' '}
        {blocking.length > 0 && <a href={hrefTo(['waiting'])}>{t('See what to do')}</a>}
      </Step>
      <Step
        title={t('Unfinished sessions')}
        tone={unfinished === 0 ? 'good' : 'plain'}
        state={unfinished === 0 ? t('none') : count(unfinished)}
      >
        {unfinished === 0
          ? t('Every session that was started has ended.')
          : t(
              'Such sessions do not prevent the close. What they still send is billed as late usage.',
            )}{' '}
        {unfinished > 0 && <a href={hrefTo(['waiting'])}>{t('See them all')}</a>}
      </Step>
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
                waiting={blocking.length}
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

function worthOf(waiting: readonly Waiting[]): string {
  const sums = new Map<string, number>();
  for (const { currency, value_at_risk: value } of waiting) {
    if (currency !== null && value !== null)
      sums.set(currency, (sums.get(currency) ?? 0) + Number(value));
  }
  if (sums.size === 0) return t('an unknown amount, because it has no price');
  const worth = [...sums].map(([currency, value]) =>
    t('about {0} {1}', currency, roughly(value.toFixed(4))),
  );
  const unknown = waiting.filter((one) => one.value_at_risk === null).length;
  if (unknown > 0) worth.push(t('and {0} without a price', count(unknown)));
  return listed(worth);
}

interface StepProps {
  readonly title: string;
  readonly tone: Tone;
  readonly state: string;
  readonly children: ComponentChildren;
}

function Step({ title, tone, state, children }: StepProps) {
  return (
    <li class="panel walk-step">
      <h2>
        {title} {state !== '' && <Chip tone={tone}>{words(state)}</Chip>}
      </h2>
      <div>{children}</div>
    </li>
  );
}

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
