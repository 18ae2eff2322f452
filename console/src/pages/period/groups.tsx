import type { Schema } from '../../api/client';
import { count, minutes, money } from '../../format';
import { Panel } from '../../parts/panel';
import { Table } from '../../parts/table';
import { t } from '../../i18n/language';

interface Group {
  readonly name: string;
  readonly transcriptions: number;
  readonly billable_minutes: string;
  readonly cost_cents: number;
}

/** The month by provider and by plan, with each one's share. */
export function Groups({
  report,
  currency,
}: {
  readonly report: Schema<'Report'>;
  readonly currency: string;
}) {
  const inCurrency = <One extends { readonly currency: string }>(all: readonly One[]) =>
    all.filter((one) => one.currency === currency);
  return (
    <div class="columns">
      <GroupPanel
        title={t('By provider')}
        head={t('Provider')}
        groups={inCurrency(report.by_provider).map((one) => ({ ...one, name: one.stt_provider }))}
      />
      <GroupPanel
        title={t('By plan')}
        head={t('Plan')}
        groups={inCurrency(report.by_plan).map((one) => ({ ...one, name: one.plan }))}
      />
    </div>
  );
}

function GroupPanel({
  title,
  head,
  groups,
}: {
  title: string;
  head: string;
  groups: readonly Group[];
}) {
  const total = groups.reduce((sum, one) => sum + one.cost_cents, 0);
  const sorted = [...groups].sort((a, b) => b.cost_cents - a.cost_cents);
  return (
    <Panel title={title}>
      <Table
        label={title}
        rows={sorted}
        keyOf={({ name }) => name}
        columns={[
          { head, cell: ({ name }) => name },
          {
            head: t('Transcriptions'),
            cell: (one) => count(one.transcriptions),
            isNumber: true,
            isMinor: true,
          },
          { head: t('Minutes'), cell: (one) => minutes(one.billable_minutes), isNumber: true },
          { head: t('Cost'), cell: (one) => money(one.cost_cents), isNumber: true },
          {
            head: t('Share'),
            isNumber: true,
            cell: (one) => <Share of={one.cost_cents} total={total} />,
          },
        ]}
      />
    </Panel>
  );
}

function Share({ of, total }: { readonly of: number; readonly total: number }) {
  const share = total === 0 ? 0 : of / total;
  return <span class="share">{Math.round(share * 100)}%</span>;
}
