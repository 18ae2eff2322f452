import { usePeriods } from '../../api/periods';
import { usePerson, useZone } from '../../api/person';
import { count, instant, listed, money, month } from '../../format';
import { Chip } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { hrefTo, useRoute } from '../../route';
import { t } from '../../i18n/language';

/** All months, and for closed ones what they were closed with. */
export function ClosingPage() {
  const zone = useZone();
  const read = usePeriods();
  const { now } = usePerson();
  const { asOf } = useRoute();
  return (
    <>
      <PageHead
        title={t('Closing')}
        under={t(
          'A closed month never changes. Late usage is billed in the first open month after it.',
        )}
      />
      <Shown read={read}>
        {(periods) =>
          periods.length === 0 ? (
            <Empty>{t('No month has usage yet.')}</Empty>
          ) : (
            <Panel title={t('Months')}>
              <Table
                label={t('Months')}
                rows={[...periods].reverse()}
                keyOf={({ period }) => period}
                columns={[
                  {
                    head: t('Month'),
                    cell: ({ period }) => (
                      <a href={hrefTo(['closing', period], { period })}>{month(period)}</a>
                    ),
                  },
                  {
                    head: t('State'),
                    cell: ({ state, period }) =>
                      state === 'closed' ? (
                        <Chip tone="good">{t('Closed')}</Chip>
                      ) : (
                        <>
                          <Chip>{t('Open')}</Chip>{' '}
                          {period < now && asOf === undefined && (
                            <a href={hrefTo(['closing', period], { period })}>{t('Close…')}</a>
                          )}
                        </>
                      ),
                  },
                  {
                    head: t('Closed'),
                    cell: (one) => (one.closed_at === null ? '–' : instant(one.closed_at, zone)),
                    isMinor: true,
                  },
                  {
                    head: t('Events'),
                    cell: (one) => (one.size === null ? '–' : count(one.size)),
                    isNumber: true,
                    isMinor: true,
                  },
                  {
                    head: t('Billed'),
                    cell: (one) =>
                      one.totals === null
                        ? '–'
                        : listed(
                            one.totals.map(
                              (total) => `${total.currency} ${money(total.cost_cents)}`,
                            ),
                          ),
                    isNumber: true,
                  },
                ]}
              />
            </Panel>
          )
        }
      </Shown>
    </>
  );
}
