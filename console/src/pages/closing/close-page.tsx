import type { ComponentChildren } from 'preact';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { usePeriods } from '../../api/periods';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { change, count, instant, money, month, roughly } from '../../format';
import { Chip, type Tone } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo, useRoute } from '../../route';
import { CloseButton } from './close-button';

type Waiting = Schema<'LeakReport'>['items'][number];

/** The walk to a closed month: what waits, what is late, the totals, then the close. */
export function ClosePage({ period }: { readonly period: string }) {
  const { asOf } = useRoute();
  const periods = usePeriods();
  const read = useRead(['close', period], () => lookAt(period));
  const known = periods.data?.find((one) => one.period === period);
  return (
    <>
      <PageHead
        title={`Close ${month(period)}`}
        under={<a href={hrefTo(['closing'])}>All months</a>}
      />
      {known?.state === 'closed' ? (
        <Closed period={known} />
      ) : (
        <Shown read={read}>
          {(look) => (
            <Walk period={period} end={known?.to} look={look} mayClose={asOf === undefined} />
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
}

/** Attempts that are looked at for the month; the service itself counts all of them when it closes. */
const MOST = 500;

async function lookAt(period: string): Promise<Look> {
  const [report, leaks] = await Promise.all([
    answerOf(api.GET('/v1/reports/usage', { params: { query: { period } } })),
    answerOf(api.GET('/v1/audit/leaks', { params: { query: given({ limit: MOST }) } })),
  ]);
  return { report, waiting: leaks.items, isAll: leaks.next_cursor === null };
}

interface WalkProps {
  readonly period: string;
  readonly end: string | undefined;
  readonly look: Look;
  readonly mayClose: boolean;
}

function Walk({ period, end, look, mayClose }: WalkProps) {
  const zone = useZone();
  const { report, waiting, isAll } = look;
  const isOver = end !== undefined && Date.parse(end) <= Date.now();
  const before =
    end === undefined ? [] : waiting.filter(({ since }) => Date.parse(since) < Date.parse(end));
  const blocking = before.filter(({ kind }) => kind !== 'unfinished');
  const unfinished = before.length - blocking.length;
  const late = report.by_day.filter(({ day }) => !day.startsWith(period));
  return (
    <ol class="walk">
      <Step
        title="The month is over"
        tone={isOver ? 'good' : 'bad'}
        state={isOver ? 'yes' : 'not yet'}
      >
        {end === undefined
          ? 'Nothing was used in it, so there is nothing to close.'
          : `It ends ${instant(end, zone)} (${zone}).`}
      </Step>
      <Step
        title="Nothing waits"
        tone={blocking.length === 0 ? 'good' : 'warn'}
        state={blocking.length === 0 ? 'nothing does' : `${count(blocking.length)} wait`}
      >
        {blocking.length === 0
          ? 'No completed attempt is pending or without a price.'
          : `Worth ${worthOf(blocking)}. If the month is closed now, they are billed later, as late usage.`}{' '}
        {!isAll && `Only the oldest ${count(MOST)} were looked at; the service counts all.`}{' '}
        {blocking.length > 0 && <a href={hrefTo(['waiting'])}>Settle them</a>}
      </Step>
      <Step
        title="Sessions without an end"
        tone={unfinished === 0 ? 'good' : 'plain'}
        state={unfinished === 0 ? 'none' : count(unfinished)}
      >
        {unfinished === 0
          ? 'Every session that was started has ended.'
          : 'They do not keep a month from being closed. What they still send is billed as late usage.'}{' '}
        {unfinished > 0 && <a href={hrefTo(['waiting'])}>Look at them</a>}
      </Step>
      <Step title="Late usage" tone="plain" state={late.length === 0 ? 'none' : 'some'}>
        {late.length === 0
          ? 'Nothing of earlier months is billed in this one.'
          : `Of earlier, closed months: ${late.map((one) => `${one.currency} ${money(one.cost_cents)} of ${one.day}`).join(', ')}.`}
      </Step>
      <Step
        title="The totals"
        tone="plain"
        state={report.totals.length === 0 ? 'none' : 'check them'}
      >
        {report.totals.length > 0 && <Totals totals={report.totals} />}
      </Step>
      <Step title="The close" tone="plain" state="">
        It pins these totals and the Merkle root of all events that they follow from. Nothing later
        changes a number of the month.
        {mayClose && (
          <p class="walk-end">
            <CloseButton
              period={period}
              totals={report.totals}
              waiting={blocking.length}
              isOver={isOver}
            />
          </p>
        )}
      </Step>
    </ol>
  );
}

function worthOf(waiting: readonly Waiting[]): string {
  const sums = new Map<string, number>();
  for (const { currency, value_at_risk: value } of waiting) {
    if (currency !== null && value !== null)
      sums.set(currency, (sums.get(currency) ?? 0) + Number(value));
  }
  if (sums.size === 0) return 'nobody knows what, without a price';
  return [...sums]
    .map(([currency, value]) => `about ${currency} ${roughly(value.toFixed(4))}`)
    .join(', ');
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
        {title} {state !== '' && <Chip tone={tone}>{state}</Chip>}
      </h2>
      <div>{children}</div>
    </li>
  );
}

type Total = Schema<'Report'>['totals'][number];

function Totals({ totals }: { readonly totals: readonly Total[] }) {
  return (
    <Table
      label="Totals"
      rows={totals}
      keyOf={({ currency }) => currency}
      columns={[
        { head: 'Currency', cell: ({ currency }) => currency },
        { head: 'Users', cell: (one) => count(one.users), isNumber: true },
        { head: 'Usage', cell: (one) => money(one.usage_cost_cents), isNumber: true },
        { head: 'Adjustments', cell: (one) => change(one.adjustments_cents), isNumber: true },
        { head: 'Billed', cell: (one) => money(one.cost_cents), isNumber: true },
      ]}
    />
  );
}

function Closed({ period }: { readonly period: Schema<'BillingPeriod'> }) {
  const zone = useZone();
  return (
    <Panel title="Closed" actions={<Chip tone="good">Closed</Chip>}>
      <div class="panel-body">
        <dl class="facts">
          <div>
            <dt>Closed at</dt>
            <dd>{period.closed_at !== null && instant(period.closed_at, zone)}</dd>
          </div>
          <div>
            <dt>Events counted</dt>
            <dd>{period.size !== null && count(period.size)}</dd>
          </div>
        </dl>
        <p>
          <span class="quiet">Root</span> <code class="id">{period.root}</code>
        </p>
      </div>
      <Totals totals={period.totals ?? []} />
    </Panel>
  );
}
