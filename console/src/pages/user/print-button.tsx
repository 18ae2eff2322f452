import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { allPages } from '../../api/all-pages';
import { Refused } from '../../api/answer';
import { useHold } from '../../api/hold';
import { useZone } from '../../api/person';
import { refusedOf } from '../../api/use-read';
import { change, count, decimal, instant, minutes, money, words } from '../../format';
import { Table } from '../../parts/table';
import { useRoute } from '../../route';
import { linesOf, type Line } from './statement';
import type { Summary } from './user-page';
import { t } from '../../i18n/language';

/** The most lines that are printed: nobody reads more on paper, and an export has them all. */
const MOST = 20_000;

interface PrintProps {
  readonly summary: Summary;
  /** Called with the moment that is printed, when it begins, and with `undefined` when it ends. */
  readonly onPrint: (moment: string | undefined) => void;
}

/** Reads the whole statement, lays it out for paper, and opens the browser's print dialog. */
export function PrintButton({ summary, onPrint }: PrintProps) {
  const zone = useZone();
  const { asOf } = useRoute();
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const { user_id, period, currency } = summary;
  const isShown = useIsShown(JSON.stringify([user_id, period, currency, asOf]));
  // The page is printed with the statement: a bill that changed meanwhile would have two totals.
  useHold(isBusy);
  const print = async () => {
    const isStillShown = isShown();
    setBusy(true);
    onPrint(new Date().toISOString());
    setRefused(undefined);
    try {
      if (summary.transcriptions > MOST) throw tooLong();
      // Read as of the summary's own position, so that the lines add up to it.
      const pageAfter = linesOf(summary, asOf ?? summary.position);
      const { items, isWhole } = await allPages<Line>(
        (cursor) => (isStillShown() ? pageAfter(cursor) : Promise.resolve(NO_PAGE)),
        MOST,
      );
      // The lines would be laid out on the page of another bill, and printed with it.
      if (!isStillShown()) return;
      if (!isWhole) throw tooLong();
      printed([...items].reverse(), summary, zone);
    } catch (error) {
      if (isStillShown()) setRefused(refusedOf(error));
    } finally {
      setBusy(false);
      onPrint(undefined);
    }
  };
  return (
    <>
      {refused !== undefined && <span role="alert">{refused.detail}</span>}
      <button class="button" type="button" disabled={isBusy} onClick={() => void print()}>
        {isBusy ? t('Preparing…') : t('Print')}
      </button>
    </>
  );
}

const NO_PAGE = { items: [], next_cursor: null };

/** Returns what remembers the bill that is shown now; what that returns says whether it is still shown. */
function useIsShown(bill: string): () => () => boolean {
  const shown = useRef<string>(undefined);
  shown.current = bill;
  useEffect(() => () => void (shown.current = undefined), []);
  return () => {
    const remembered = shown.current;
    return () => remembered !== undefined && shown.current === remembered;
  };
}

const tooLong = () =>
  new Refused(
    0,
    'too_long',
    t(
      'A statement of more than {0} lines can’t be printed. Export the month instead.',
      count(MOST),
    ),
  );

function printed(lines: readonly Line[], summary: Summary, zone: string): void {
  const paper = document.createElement('div');
  paper.className = 'paper';
  document.querySelector('main')!.append(paper);
  render(
    <Paper
      lines={lines.filter((one) => one.currency === summary.currency)}
      summary={summary}
      zone={zone}
    />,
    paper,
  );
  const clear = () => {
    render(null, paper);
    paper.remove();
  };
  addEventListener('afterprint', clear, { once: true });
  globalThis.print();
}

interface PaperProps {
  readonly lines: readonly Line[];
  readonly summary: Summary;
  readonly zone: string;
}

/** The statement as finance sends it: in time order, with totals at the end. */
function Paper({ lines, summary, zone }: PaperProps) {
  return (
    <>
      <Table
        label={t('Statement')}
        rows={lines}
        keyOf={(line) => line.id}
        columns={[
          { head: t('Completed'), cell: (line) => instant(line.completed_at, zone) },
          { head: t('Session'), cell: (line) => line.session_id },
          { head: t('Provider'), cell: (line) => line.stt_provider },
          {
            head: t('Why'),
            cell: (line) => `${words(line.billing_reason)}${line.late ? t(' (late)') : ''}`,
          },
          { head: t('Minutes'), cell: (line) => minutes(line.billable_minutes), isNumber: true },
          { head: t('Exact cost'), cell: (line) => decimal(line.cost), isNumber: true },
          {
            head: t('Billed, {0}', summary.currency),
            cell: (line) => money(line.cost_cents),
            isNumber: true,
          },
        ]}
        foot={[
          t('Usage'),
          t('{0} {0|transcription|transcriptions}', count(summary.transcriptions)),
          '',
          '',
          minutes(summary.billable_minutes),
          decimal(summary.cost),
          money(summary.usage_cost_cents),
        ]}
      />
      <p class="total">
        {t(
          'Usage {0}, adjustments {1}: billed {2} {3}',
          money(summary.usage_cost_cents),
          change(summary.adjustments_cents),
          money(summary.cost_cents),
          summary.currency,
        )}
      </p>
    </>
  );
}
