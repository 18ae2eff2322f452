import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useLines } from '../../api/use-lines';
import { count, decimal, inCurrency, instant, minutes, money, words } from '../../format';
import { Chip } from '../../parts/chip';
import { LongTable } from '../../parts/long-table';
import { Panel } from '../../parts/panel';
import { hrefTo, useRoute } from '../../route';
import type { Summary } from './user-page';
import { t } from '../../i18n/language';

export type Line = Schema<'UsageLog'>;

/** Returns a reader of a user's lines, page by page. */
export function linesOf(summary: Pick<Summary, 'user_id' | 'period'>, as_of: string | undefined) {
  const { user_id, period } = summary;
  return (cursor: string | undefined) =>
    answerOf(
      api.GET('/v1/users/{user_id}/usage-logs', {
        params: { path: { user_id }, query: given({ period, as_of, cursor, limit: 500 }) },
      }),
    );
}

/** The statement, newest first. Every line links to its explanation. */
export function Statement({ summary }: { readonly summary: Summary }) {
  const zone = useZone();
  const { asOf } = useRoute();
  // The same bill has the same lines, so they are not read again when only the position moves on.
  const { position: _, ...bill } = summary;
  const question = ['lines', summary.user_id, summary.period, asOf];
  const lines = useLines(question, linesOf(summary, asOf), bill);
  const own = (amount: string, line: Line) => inCurrency(amount, line.currency, summary.currency);
  return (
    <Panel
      title={t('Statement')}
      note={t(
        '{0} {0|transcription|transcriptions}, newest first. Open one to see why it costs what it does.',
        count(summary.transcriptions),
      )}
      kind="statement not-on-paper"
    >
      <LongTable
        label={t('Statement')}
        lines={lines}
        total={summary.other_currencies.length === 0 ? summary.transcriptions : undefined}
        empty={t('No transcription was billed in this month.')}
        columns={[
          {
            head: t('Completed'),
            width: 'minmax(12.5rem, 1fr)',
            narrow: 'under-name',
            cell: (line) => instant(line.completed_at, zone),
          },
          {
            head: t('Session'),
            width: 'minmax(9rem, 1.6fr)',
            narrow: 'name',
            cell: (line) => (
              <a href={hrefTo(['logs', line.id])} title={line.session_id}>
                {line.session_id}
              </a>
            ),
          },
          {
            head: t('Provider'),
            width: 'minmax(6rem, 0.8fr)',
            narrow: 'under-amount',
            cell: (line) => line.stt_provider,
          },
          { head: t('Why'), width: 'minmax(11rem, 1.3fr)', cell: (line) => <Why line={line} /> },
          {
            head: t('Minutes'),
            width: 'minmax(5rem, 0.6fr)',
            isNumber: true,
            cell: (line) => minutes(line.billable_minutes),
          },
          {
            head: t('Exact cost'),
            width: 'minmax(6rem, 0.7fr)',
            isNumber: true,
            cell: (line) => <span class="quiet">{own(decimal(line.cost), line)}</span>,
          },
          {
            head: t('Billed'),
            width: 'minmax(5rem, 0.6fr)',
            narrow: 'amount',
            isNumber: true,
            cell: (line) => own(money(line.cost_cents), line),
          },
        ]}
      />
    </Panel>
  );
}

export function Why({ line }: { readonly line: Pick<Line, 'billing_reason' | 'late'> }) {
  return (
    <>
      {words(line.billing_reason)} {line.late && <Chip tone="warn">{t('late')}</Chip>}
    </>
  );
}
