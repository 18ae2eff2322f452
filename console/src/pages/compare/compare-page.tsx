import { useState } from 'preact/hooks';

import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { periodOr, useIsFinance, usePerson, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import {
  change as changed,
  count,
  decimal,
  inCurrency,
  instant,
  listed,
  minutes,
  money,
  month,
} from '../../format';
import { Chip } from '../../parts/chip';
import { Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { CutOff, Empty, PAST, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { change, hrefTo, useRoute } from '../../route';
import { readable, readMoment } from '../../shell/as-of';
import { linesOf } from '../user/statement';
import type { Summary } from '../user/user-page';
import { isAfter, upTo } from './between';
import { billedChanges, differencesOf, type Difference } from './differences';
import { t, tx } from '../../i18n/language';

const MOST_LINES = 10_000;
const MOST_EVENTS = 500;

/** A statement at two moments: what changed between them, and which events changed it. */
export function ComparePage({ id }: { readonly id: string }) {
  const person = usePerson();
  const route = useRoute();
  const period = periodOr(route.period, person);
  const [first, second] = [route.query.get('a') ?? '', route.query.get('b') ?? ''];
  return (
    <>
      <PageHead
        title={t('What changed?')}
        under={
          <>
            {tx(
              'The bill of {0} for {1}, as it was known at two moments',
              <a href={hrefTo(['users', id])}>
                <bdi>{id}</bdi>
              </a>,
              month(period),
            )}
          </>
        }
      />
      <Moments key={`${first}|${second}`} first={first} second={second} />
      {first === '' ? (
        <Empty>
          {t('Enter the earlier moment. If the later one is empty, it is now.')}{' '}
          {tx(
            'To see how the month differs from the one before, open {0}.',
            <a href={hrefTo(['users', id])}>{t('the user’s page')}</a>,
          )}
        </Empty>
      ) : (
        <Compared id={id} period={period} first={first} second={second} />
      )}
    </>
  );
}

function Moments({ first, second }: { readonly first: string; readonly second: string }) {
  const [a, setA] = useState(first);
  const [b, setB] = useState(second);
  const show = (event: Event) => {
    event.preventDefault();
    change({ a: readMoment(a), b: readMoment(b) });
  };
  return (
    <form class="form-row" onSubmit={show}>
      <Field
        label={t('Earlier')}
        value={a}
        onInput={setA}
        placeholder={t('2026-11-01 12:00 (UTC), or a position')}
        required
      />
      <Field label={t('Later')} value={b} onInput={setB} placeholder={t('now')} />
      <button class="button primary" type="submit">
        {t('Compare')}
      </button>
    </form>
  );
}

interface ComparedProps {
  readonly id: string;
  readonly period: string;
  readonly first: string;
  readonly second: string;
}

function Compared({ id, period, first, second }: ComparedProps) {
  const isFinance = useIsFinance();
  const read = useRead(['compare', id, period, first, second], async () => {
    const later = await stateOf(id, period, second);
    const earlier = await stateOf(id, period, first);
    if (second !== '' && isAfter(earlier.summary, later.summary)) return 'reversed' as const;
    const events = isFinance ? await eventsBetween(id, earlier.summary, later.summary) : undefined;
    return { earlier, later, events };
  });
  return (
    <Shown read={read} wait={PAST}>
      {(compared) =>
        compared === 'reversed' ? (
          <Reversed first={first} second={second} />
        ) : (
          <Changes {...compared} first={first} second={second} />
        )
      }
    </Shown>
  );
}

interface ReversedProps {
  readonly first: string;
  readonly second: string;
}

function Reversed({ first, second }: ReversedProps) {
  return (
    <p class="notice warn" role="alert">
      {t('The earlier moment is after the later one.')}{' '}
      <button class="link" type="button" onClick={() => change({ a: second, b: first })}>
        {t('Swap them')}
      </button>
    </p>
  );
}

type State = Awaited<ReturnType<typeof stateOf>>;

interface ChangesProps extends ReversedProps {
  readonly earlier: State;
  readonly later: State;
  /** `undefined` for a person who may not read them. */
  readonly events: Awaited<ReturnType<typeof eventsBetween>> | undefined;
}

function Changes({ earlier, later, events, first, second }: ChangesProps) {
  const zone = useZone();
  return (
    <>
      <Totals
        rows={[earlier.summary, later.summary]}
        heads={[readable(first, zone), second === '' ? t('Now') : readable(second, zone)]}
      />
      <Lines
        differences={differencesOf(earlier, later)}
        isWhole={earlier.isWhole && later.isWhole}
        currency={later.summary.currency}
      />
      {events !== undefined && (
        <Panel
          title={t('Which events changed it')}
          note={t('This user’s events that were recorded between the two moments.')}
        >
          {events.items.length === 0 ? (
            <Empty>
              {t(
                'No event of this user was recorded in between. Prices or a close may have changed the bill.',
              )}
            </Empty>
          ) : (
            <Table
              label={t('Events')}
              rows={events.items}
              keyOf={(one) => one.position}
              columns={[
                { head: t('Recorded'), cell: (one) => instant(one.recorded_at, zone) },
                { head: t('Event'), cell: (one) => one.type },
                { head: t('Stream'), cell: (one) => <StreamLink stream={one.stream} /> },
                { head: t('Position'), cell: (one) => one.position, isNumber: true },
              ]}
            />
          )}
          <CutOff of={events} />
        </Panel>
      )}
    </>
  );
}

export function StreamLink({ stream }: { readonly stream: string }) {
  if (stream.startsWith('session-')) {
    return <a href={hrefTo(['sessions', stream.slice('session-'.length)])}>{stream}</a>;
  }
  if (stream.startsWith('account-')) {
    return <a href={hrefTo(['users', stream.slice('account-'.length)])}>{stream}</a>;
  }
  return <>{stream}</>;
}

async function stateOf(user_id: string, period: string, moment: string) {
  const as_of = moment === '' ? undefined : moment;
  const summary = await answerOf(
    api.GET('/v1/users/{user_id}/usage-summary', {
      params: { path: { user_id }, query: given({ period, as_of }) },
    }),
  );
  const { items, isWhole } = await allPages(linesOf(summary, as_of), MOST_LINES);
  return { summary, lines: items, isWhole };
}

async function eventsBetween(user_id: string, earlier: Summary, later: Summary) {
  const after = earlier.position;
  const read = await allPages(
    (cursor) =>
      answerOf(
        api.GET('/v1/audit/events', {
          params: { query: given({ user_id, after, cursor, limit: 500 }) },
        }),
      ),
    MOST_EVENTS,
  );
  return upTo(read, later);
}

function Totals({
  rows: [a, b],
  heads,
}: {
  readonly rows: readonly [Summary, Summary];
  readonly heads: readonly [string, string];
}) {
  const rows = [
    {
      name: t('Billed, {0}', b.currency),
      of: (one: Summary) => money(one.cost_cents),
      delta: changed(b.cost_cents - a.cost_cents),
    },
    {
      name: t('Usage'),
      of: (one: Summary) => money(one.usage_cost_cents),
      delta: changed(b.usage_cost_cents - a.usage_cost_cents),
    },
    {
      name: t('Adjustments'),
      of: (one: Summary) => money(one.adjustments_cents),
      delta: changed(b.adjustments_cents - a.adjustments_cents),
    },
    {
      name: t('Transcriptions'),
      of: (one: Summary) => count(one.transcriptions),
      delta: count(b.transcriptions - a.transcriptions),
    },
    { name: t('Minutes'), of: (one: Summary) => minutes(one.billable_minutes), delta: '' },
    {
      name: t('Plan'),
      of: (one: Summary) => one.plan,
      delta: a.plan === b.plan ? '' : t('changed'),
    },
  ];
  return (
    <Panel title={t('Totals')}>
      <Table
        label={t('Totals')}
        rows={rows}
        keyOf={(row) => row.name}
        columns={[
          { head: t('Figure'), cell: (row) => row.name },
          { head: heads[0], cell: (row) => row.of(a), isNumber: true },
          { head: heads[1], cell: (row) => row.of(b), isNumber: true },
          { head: t('Change'), cell: (row) => row.delta, isNumber: true },
        ]}
      />
    </Panel>
  );
}

interface LinesProps {
  readonly differences: readonly Difference[];
  readonly isWhole: boolean;
  /** The currency of the page's totals. */
  readonly currency: string;
}

function Lines({ differences, isWhole, currency: own }: LinesProps) {
  const cost = (line: Difference['before']) =>
    line === undefined ? '–' : inCurrency(decimal(line.cost), line.currency, own);
  const billed = (one: Difference) =>
    listed(
      [...billedChanges(one)].map(([currency, cents]) => inCurrency(changed(cents), currency, own)),
    );
  return (
    <Panel
      title={t('Lines that changed')}
      note={t('{0} {0|line|lines} of the statement', count(differences.length))}
    >
      {differences.length === 0 ? (
        <Empty>{t('No line changed.')}</Empty>
      ) : (
        <Table
          label={t('Lines that changed')}
          rows={differences}
          keyOf={({ id }) => id}
          columns={[
            {
              head: t('Log'),
              cell: ({ id, after }) =>
                after === undefined ? id : <a href={hrefTo(['logs', id])}>{id}</a>,
            },
            {
              head: t('What'),
              cell: ({ before, after, fields }) =>
                before === undefined ? (
                  <Chip tone="good">{t('new')}</Chip>
                ) : after === undefined ? (
                  <Chip tone="bad">{t('gone')}</Chip>
                ) : (
                  <Chip tone="warn">{fields.join(', ')}</Chip>
                ),
            },
            {
              head: t('Cost before'),
              cell: ({ before }) => cost(before),
              isNumber: true,
              isMinor: true,
            },
            {
              head: t('Cost after'),
              cell: ({ after }) => cost(after),
              isNumber: true,
              isMinor: true,
            },
            {
              head: t('Billed'),
              cell: billed,
              isNumber: true,
            },
          ]}
        />
      )}
      {!isWhole && (
        <p class="notice">
          {tx('Only the newest {0} lines of each moment were compared.', count(MOST_LINES))}
        </p>
      )}
    </Panel>
  );
}
