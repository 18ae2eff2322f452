import { Chip } from '../../parts/chip';
import { Meter } from '../../parts/meter';
import { bytes, decimal, listed, minutes, money } from '../../format';
import { Panel } from '../../parts/panel';
import type { Summary } from './user-page';
import { t, tx } from '../../i18n/language';

/** The plan, how much of its limits is used, and each provider's share of the bill. */
export function PlanPanel({ summary }: { readonly summary: Summary }) {
  const { limits } = summary;
  return (
    <Panel title={t('Plan')} actions={<Chip tone="accent">{summary.plan}</Chip>}>
      <div class="panel-body">
        <Meter label={t('Minutes')} used={summary.billable_minutes} limit={limits.minutes} />
        <Meter label={t('Sessions')} used={summary.sessions} limit={limits.sessions} />
        <dl class="facts">
          <Fact name={t('Minutes left')}>
            {summary.remaining_minutes === null
              ? t('no limit')
              : decimal(summary.remaining_minutes)}
          </Fact>
          <Fact name={t('Included minutes used')}>
            {minutes(String(Number(summary.included_seconds) / 60))}
          </Fact>
          <Fact name={t('Largest file')}>
            {limits.file_size_bytes === null ? t('no limit') : bytes(limits.file_size_bytes)}
          </Fact>
          <Fact name={t('Formats')}>
            {limits.export_formats === null ? t('all') : listed(limits.export_formats)}
          </Fact>
          {summary.by_provider.map((one) => (
            <Fact key={one.stt_provider} name={one.stt_provider}>
              <span class="figure">{money(one.cost_cents)}</span>{' '}
              <span class="quiet">{tx('for {0} min', minutes(one.billable_minutes))}</span>
            </Fact>
          ))}
        </dl>
      </div>
    </Panel>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
