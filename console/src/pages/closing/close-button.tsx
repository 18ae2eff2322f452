import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { once } from '../../api/write';
import { count, money, month } from '../../format';
import { Act, Written } from '../../parts/act';
import { Check } from '../../parts/field';

interface CloseButtonProps {
  readonly period: string;
  readonly totals: Schema<'Report'>['totals'];
  readonly waiting: number;
  readonly isOver: boolean;
}

/** Closes a month, after its totals were repeated. */
export function CloseButton({ period, totals, waiting, isOver }: CloseButtonProps) {
  const [isForced, setForced] = useState(false);
  if (!isOver) {
    return (
      <button class="button primary" type="button" disabled>
        {month(period)} is not over yet
      </button>
    );
  }
  return (
    <Act
      button={`Close ${month(period)}`}
      buttonKind="primary"
      title={`Close ${month(period)}`}
      confirm="Close the month for good"
      body={waiting > 0 && !isForced ? undefined : isForced ? { force: true } : {}}
      write={(body, key) =>
        answerOf(
          api.POST('/v1/billing-periods/{period}/close', {
            params: { path: { period }, header: once(key) },
            body,
          }),
        )
      }
      done={(closed) => (
        <>
          <strong>{month(closed.period)} is closed</strong> with {count(closed.size)} events. Its
          root is <code class="id">{closed.root}</code>.
        </>
      )}
      review={(body) => (
        <>
          <p>This can’t be undone. Afterwards adjustments to the month are refused.</p>
          <Written
            rows={[
              ['Month', month(period)],
              ...totals.map(
                (one) =>
                  [
                    `Billed, ${one.currency}`,
                    `${money(one.cost_cents)}, of ${count(one.users)} users`,
                  ] as const,
              ),
              ['Waiting', body.force === true ? `${count(waiting)} are billed later` : 'nothing'],
            ]}
          />
        </>
      )}
      form={
        waiting > 0 ? (
          <Check
            label={`Close it although ${count(waiting)} attempts wait. They are billed in a later month.`}
            isOn={isForced}
            onChange={setForced}
          />
        ) : (
          <p>Nothing waits. The next step shows what is pinned.</p>
        )
      }
    />
  );
}
