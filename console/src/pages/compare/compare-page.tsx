import { useState } from 'preact/hooks';

import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { periodOr, useIsFinance, usePerson, useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { change as changed, count, decimal, instant, minutes, money, month } from '../../format';
import { Chip } from '../../parts/chip';
import { Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, PAST, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { change, hrefTo, useRoute } from '../../route';
import { readable, readMoment } from '../../shell/as-of';
import { linesOf } from '../user/statement';
import type { Summary } from '../user/user-page';
import { differencesOf, type Difference } from './differences';

const MOST_LINES = 10_000;
const MOST_EVENTS = 500;

/** A statement at two moments, what changed between them, and which events did it. */
export function ComparePage({ id }: { readonly id: string }) {
  const person = usePerson();
  const route = useRoute();
  const period = periodOr(route.period, person);
  const [first, second] = [route.query.get('a') ?? '', route.query.get('b') ?? ''];
  return (
    <>
      <PageHead
        title="What changed?"
        under={
          <>
            The bill of{' '}
            <a href={hrefTo(['users', id])}>
              <bdi>{id}</bdi>
            </a>{' '}
            for {month(period)}, as it was known at two moments
          </>
        }
      />
      <Moments key={`${first}|${second}`} first={first} second={second} />
      {first === '' ? (
        <Empty>Type the earlier moment. The later one is now, if it is left empty.</Empty>
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
        label="Earlier"
        value={a}
        onInput={setA}
        placeholder="2026-11-01 12:00 (UTC), or a position"
        required
      />
      <Field label="Later" value={b} onInput={setB} placeholder="now" />
      <button class="button primary" type="submit">
        Compare
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
  const zone = useZone();
  const read = useRead(['compare', id, period, first, second], async () => {
    const later = await stateOf(id, period, second);
    const earlier = await stateOf(id, period, first);
    const events = isFinance ? await eventsBetween(id, earlier.summary, later.summary) : undefined;
    return { earlier, later, events };
  });
  return (
    <Shown read={read} wait={PAST}>
      {({ earlier, later, events }) => (
        <>
          <Totals
            rows={[earlier.summary, later.summary]}
            heads={[readable(first, zone), second === '' ? 'Now' : readable(second, zone)]}
          />
          <Lines
            differences={differencesOf(earlier.lines, later.lines)}
            isWhole={earlier.isWhole && later.isWhole}
          />
          {events !== undefined && (
            <Panel
              title="Which events did it"
              note="This user’s events that were recorded between the two moments."
            >
              {events.items.length === 0 ? (
                <Empty>
                  No event of this user was recorded in between. Prices or a close may have changed
                  the bill.
                </Empty>
              ) : (
                <Table
                  label="Events"
                  rows={events.items}
                  keyOf={(one) => one.position}
                  columns={[
                    { head: 'Recorded', cell: (one) => instant(one.recorded_at, zone) },
                    { head: 'Event', cell: (one) => one.type },
                    { head: 'Stream', cell: (one) => <StreamLink stream={one.stream} /> },
                    { head: 'Position', cell: (one) => one.position, isNumber: true },
                  ]}
                />
              )}
              {!events.isWhole && (
                <p class="notice">Only the first {count(events.items.length)} are listed.</p>
              )}
            </Panel>
          )}
        </>
      )}
    </Shown>
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
  const { items, isWhole } = await allPages(
    (cursor) =>
      answerOf(
        api.GET('/v1/audit/events', {
          params: { query: given({ user_id, after, cursor, limit: 500 }) },
        }),
      ),
    MOST_EVENTS,
  );
  return {
    items: items.filter(({ position }) => BigInt(position) <= BigInt(later.position)),
    isWhole,
  };
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
      name: `Billed, ${b.currency}`,
      of: (one: Summary) => money(one.cost_cents),
      delta: changed(b.cost_cents - a.cost_cents),
    },
    {
      name: 'Usage',
      of: (one: Summary) => money(one.usage_cost_cents),
      delta: changed(b.usage_cost_cents - a.usage_cost_cents),
    },
    {
      name: 'Adjustments',
      of: (one: Summary) => money(one.adjustments_cents),
      delta: changed(b.adjustments_cents - a.adjustments_cents),
    },
    {
      name: 'Transcriptions',
      of: (one: Summary) => count(one.transcriptions),
      delta: count(b.transcriptions - a.transcriptions),
    },
    { name: 'Minutes', of: (one: Summary) => minutes(one.billable_minutes), delta: '' },
    { name: 'Plan', of: (one: Summary) => one.plan, delta: a.plan === b.plan ? '' : 'changed' },
  ];
  return (
    <Panel title="Totals">
      <Table
        label="Totals"
        rows={rows}
        keyOf={(row) => row.name}
        columns={[
          { head: 'Figure', cell: (row) => row.name },
          { head: heads[0], cell: (row) => row.of(a), isNumber: true },
          { head: heads[1], cell: (row) => row.of(b), isNumber: true },
          { head: 'Change', cell: (row) => row.delta, isNumber: true },
        ]}
      />
    </Panel>
  );
}

function Lines({
  differences,
  isWhole,
}: {
  readonly differences: readonly Difference[];
  readonly isWhole: boolean;
}) {
  return (
    <Panel
      title="Lines that changed"
      note={`${count(differences.length)} of the statement’s lines`}
    >
      {differences.length === 0 ? (
        <Empty>Every line is as it was.</Empty>
      ) : (
        <Table
          label="Lines that changed"
          rows={differences}
          keyOf={({ id }) => id}
          columns={[
            {
              head: 'Log',
              cell: ({ id, after }) =>
                after === undefined ? id : <a href={hrefTo(['logs', id])}>{id}</a>,
            },
            {
              head: 'What',
              cell: ({ before, after, fields }) =>
                before === undefined ? (
                  <Chip tone="good">new</Chip>
                ) : after === undefined ? (
                  <Chip tone="bad">gone</Chip>
                ) : (
                  <Chip tone="warn">{fields.join(', ')}</Chip>
                ),
            },
            {
              head: 'Cost before',
              cell: ({ before }) => (before === undefined ? '–' : decimal(before.cost)),
              isNumber: true,
              isMinor: true,
            },
            {
              head: 'Cost after',
              cell: ({ after }) => (after === undefined ? '–' : decimal(after.cost)),
              isNumber: true,
              isMinor: true,
            },
            {
              head: 'Billed',
              cell: ({ before, after }) =>
                changed((after?.cost_cents ?? 0) - (before?.cost_cents ?? 0)),
              isNumber: true,
            },
          ]}
        />
      )}
      {!isWhole && (
        <p class="notice">
          Only the newest {count(MOST_LINES)} lines of each moment were compared.
        </p>
      )}
    </Panel>
  );
}
