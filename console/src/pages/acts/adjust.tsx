import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { once } from '../../api/write';
import { change, money, month, readCents } from '../../format';
import { Act, Written } from '../../parts/act';
import { Check, Field } from '../../parts/field';
import type { Summary } from '../user/user-page';

type Body = Schema<'AdjustmentBody'>;

const write = (body: Body, key: string) =>
  answerOf(api.POST('/v1/adjustments', { params: { header: once(key) }, body }));

const done = (adjustment: Schema<'Adjustment'>) => (
  <>
    <strong>
      Recorded: {adjustment.currency} {change(adjustment.amount_cents)}
    </strong>{' '}
    for <bdi>{adjustment.user_id}</bdi> in {month(adjustment.period)}. Its id is{' '}
    <code>{adjustment.id}</code>.
  </>
);

const NO_AMOUNT = 'Not an amount: digits and one point, at most two decimals, and not 0.';

/** A credit or a charge to the month that is shown. */
export function AdjustButton({ summary }: { readonly summary: Summary }) {
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
        title="The month is closed. Open a later month to adjust."
      >
        Adjust
      </button>
    );
  }
  return (
    <Act
      button="Adjust"
      buttonKind="primary"
      title="Adjust a bill"
      confirm="Record the adjustment"
      body={body}
      write={write}
      done={done}
      review={(body) => <Review body={body} summary={summary} />}
      form={
        <>
          <p>
            <bdi>{user_id}</bdi>, {month(period)}: billed {currency} {money(summary.cost_cents)}{' '}
            now.
          </p>
          <Field
            label={`Amount, ${currency}`}
            hint="-12.50 is a credit, 12.50 a charge. With a point, without thousands."
            value={amount}
            onInput={setAmount}
            fault={amount.trim() !== '' && !cents ? NO_AMOUNT : undefined}
            pointer="/amount_cents"
            required
          />
          <Field
            label="Reason"
            hint="It is kept for ever, with your key’s name."
            value={reason}
            onInput={setReason}
            pointer="/reason"
            required
          />
          <Field
            label="Reference"
            hint="A ticket or a document, if there is one."
            value={reference}
            onInput={setReference}
            pointer="/reference"
          />
          <Check label="The month’s total may fall below 0" isOn={mayFall} onChange={setMayFall} />
        </>
      }
    />
  );
}

function Review({ body, summary }: { readonly body: Body; readonly summary: Summary }) {
  const { currency } = summary;
  return (
    <>
      <p>
        This is recorded in the ledger. It can’t be edited or deleted, only voided by another one.
      </p>
      <Written
        rows={[
          ['User', <bdi key="user">{body.user_id}</bdi>],
          ['Month', month(body.period)],
          [body.amount_cents < 0 ? 'Credit' : 'Charge', `${currency} ${change(body.amount_cents)}`],
          ['Bill now', `${currency} ${money(summary.cost_cents)}`],
          ['Bill afterwards', `${currency} ${money(summary.cost_cents + body.amount_cents)}`],
          ['Reason', <bdi key="reason">{body.reason}</bdi>],
          ['Reference', body.reference ?? '–'],
        ]}
      />
    </>
  );
}

/** Takes an adjustment back, by the opposite one. */
export function VoidAdjustmentButton({
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
  if (summary.closed) return <span class="quiet">closed</span>;
  return (
    <Act
      button="Void"
      buttonKind="small"
      title="Void an adjustment"
      confirm="Record the void"
      body={body}
      write={write}
      done={done}
      review={(body) => <Review body={body} summary={summary} />}
      form={
        <>
          <p>
            Voids “<bdi>{adjusted.reason}</bdi>” ({adjusted.currency}{' '}
            {change(adjusted.amount_cents)}) with its opposite.
          </p>
          <Field label="Reason" value={reason} onInput={setReason} required />
        </>
      }
    />
  );
}
