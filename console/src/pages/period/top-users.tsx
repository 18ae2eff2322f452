import type { Schema } from '../../api/client';
import { change, count, minutes, money, month } from '../../format';
import { Panel } from '../../parts/panel';
import { Table } from '../../parts/table';
import { hrefTo } from '../../route';
import { topNote } from './top-note';
import { t } from '../../i18n/language';

interface TopUsersProps {
  readonly report: Schema<'Report'>;
  readonly was: Schema<'Report'>;
  readonly currency: string;
}

/** The users who pay most, with what they paid the month before if they were among its top users. */
export function TopUsers({ report, was, currency }: TopUsersProps) {
  const users = report.top_users.filter((one) => one.currency === currency);
  const before = new Map(
    was.top_users
      .filter((one) => one.currency === currency)
      .map((one) => [one.user_id, one.cost_cents]),
  );
  return (
    <Panel title={t('Top users')} note={topNote(report, was, currency)}>
      <Table
        label={t('Top users')}
        rows={users}
        keyOf={({ user_id }) => user_id}
        columns={[
          {
            head: t('User'),
            cell: ({ user_id }) => (
              <a href={hrefTo(['users', user_id])} class="id">
                <bdi>{user_id}</bdi>
              </a>
            ),
          },
          {
            head: t('Transcriptions'),
            cell: (one) => count(one.transcriptions),
            isNumber: true,
            isMinor: true,
          },
          { head: t('Minutes'), cell: (one) => minutes(one.billable_minutes), isNumber: true },
          {
            head: t('Adjustments'),
            cell: (one) => (one.adjustments_cents === 0 ? '–' : change(one.adjustments_cents)),
            isNumber: true,
            isMinor: true,
          },
          {
            head: t('Billed, {0}', currency),
            cell: (one) => money(one.cost_cents),
            isNumber: true,
          },
          {
            head: month(was.period, 'short'),
            cell: ({ user_id }) => {
              const cents = before.get(user_id);
              return cents === undefined ? '' : money(cents);
            },
            isNumber: true,
            isMinor: true,
          },
        ]}
      />
    </Panel>
  );
}
