import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { once } from '../../api/write';
import { change, money, month, readCents } from '../../format';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Check, Field } from '../../parts/field';
import type { Summary } from '../user/user-page';
import { m, t, tx } from '../../i18n/language';

type Body = Schema<'AdjustmentBody'>;

const write = (body: Body, key: string) =>
  answerOf(api.POST('/v1/adjustments', { params: { header: once(key) }, body }));

const done = (adjustment: Schema<'Adjustment'>) => (
  <>
    {tx(
      '{0} for {1} in {2}. Its id is {3}.',
      <strong>
        {tx('Recorded: {0} {1}', adjustment.currency, change(adjustment.amount_cents))}
      </strong>,
      <bdi>{adjustment.user_id}</bdi>,
      month(adjustment.period),
      <code>{adjustment.id}</code>,
    )}
  </>
);

const NO_AMOUNT = m('Not an amount: digits and one point, at most two decimals, and not 0.');

/** Records a credit or a charge in the month that is shown. */
export const AdjustButton = anew(function AdjustButton({ summary }: { readonly summary: Summary }) {
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [reference, setReference] = useState('');
  const [mayFall, setMayFall] = useState(false);
  const cents = readCents(amount);
  const { user_id, period, currency } = summary;
  const isReady = cents !== undefined && cents !== 0 && reason.trim() !== '';
  const body: Body | undefined = !isReady
    ? undefined
    : {
        user_id,
        period,
        currency,
        amount_cents: cents,
        reason: reason.trim(),
        ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
        ...(mayFall ? { allow_negative: true } : {}),
      };
  if (summary.closed) {
    return (
      <button
        class="button"
        type="button"
        disabled
        title={t('The month is closed. Open a later month to adjust.')}
      >
        {t('Adjust')}
      </button>
    );
  }
  return (
    <Act
      button={t('Adjust')}
      buttonKind="primary"
      title={t('Adjust a bill')}
      confirm={t('Record the adjustment')}
      body={body}
      write={write}
      done={done}
      review={(body) => <Review body={body} summary={summary} />}
      form={
        <>
          <p>
            {tx(
              '{0}, {1}: {2} {3} billed so far.',
              <bdi>{user_id}</bdi>,
              month(period),
              currency,
              money(summary.cost_cents),
            )}
          </p>
          <Field
            label={t('Amount, {0}', currency)}
            hint={t(
              '-12.50 is a credit, 12.50 a charge. Use a decimal point and no thousands separators.',
            )}
            value={amount}
            onInput={setAmount}
            fault={amount.trim() !== '' && !cents ? t(NO_AMOUNT) : undefined}
            pointer="/amount_cents"
            required
          />
          <Field
            label={t('Reason')}
            hint={t('It is kept forever, with your key’s name.')}
            value={reason}
            onInput={setReason}
            pointer="/reason"
            required
          />
          <Field
            label={t('Reference')}
            hint={t('A ticket or a document, if there is one.')}
            value={reference}
            onInput={setReference}
            pointer="/reference"
          />
          <Check
            label={t('The month’s total may fall below 0')}
            isOn={mayFall}
            onChange={setMayFall}
          />
        </>
      }
    />
  );
});

function Review({ body, summary }: { readonly body: Body; readonly summary: Summary }) {
  const { currency } = summary;
  return (
    <>
      <p>
        {t(
          'This is recorded in the ledger. It can’t be edited or deleted, only voided by another adjustment.',
        )}
      </p>
      <Written
        rows={[
          [t('User'), <bdi key="user">{body.user_id}</bdi>],
          [t('Month'), month(body.period)],
          [
            body.amount_cents < 0 ? t('Credit') : t('Charge'),
            `${currency} ${change(body.amount_cents)}`,
          ],
          [t('Bill now'), `${currency} ${money(summary.cost_cents)}`],
          [t('Bill afterwards'), `${currency} ${money(summary.cost_cents + body.amount_cents)}`],
          [t('Reason'), <bdi key="reason">{body.reason}</bdi>],
          [t('Reference'), body.reference ?? '–'],
        ]}
      />
    </>
  );
}

/** Voids an adjustment by recording the opposite one. */
export const VoidAdjustmentButton = anew(function VoidAdjustmentButton({
  summary,
  adjusted,
}: {
  readonly summary: Summary;
  readonly adjusted: Schema<'ListedAdjustment'>;
}) {
  const [reason, setReason] = useState('');
  const body: Body | undefined =
    reason.trim() === ''
      ? undefined
      : {
          user_id: summary.user_id,
          period: summary.period,
          currency: adjusted.currency,
          amount_cents: -adjusted.amount_cents,
          reason: reason.trim(),
          voids: adjusted.id,
        };
  if (summary.closed) return <span class="quiet">{t('closed')}</span>;
  return (
    <Act
      button={t('Void')}
      buttonKind="small"
      title={t('Void an adjustment')}
      confirm={t('Record the void')}
      body={body}
      write={write}
      done={done}
      review={(body) => <Review body={body} summary={summary} />}
      form={
        <>
          <p>
            {tx(
              'Voids “{0}” ({1} {2}) with the opposite amount.',
              <bdi>{adjusted.reason}</bdi>,
              adjusted.currency,
              change(adjusted.amount_cents),
            )}
          </p>
          <Field label={t('Reason')} value={reason} onInput={setReason} required />
        </>
      }
    />
  );
});
