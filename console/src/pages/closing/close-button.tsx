import { useState } from 'preact/hooks';

import { answerOf, Refused } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { once } from '../../api/write';
import { count, money, month } from '../../format';
import { Act, Written } from '../../parts/act';
import { Check } from '../../parts/field';
import { t, tx } from '../../i18n/language';

interface CloseButtonProps {
  readonly period: string;
  readonly totals: Schema<'Report'>['totals'];
  /** How many attempts the page has found for which the service refuses the close. */
  readonly waiting: number;
  readonly isOver: boolean;
}

/** Closes a month, after showing its totals once more. */
export function CloseButton({ period, totals, waiting, isOver }: CloseButtonProps) {
  const [isForced, setForced] = useState(false);
  // The service may have found some that the page has not read.
  const [isRefused, setRefused] = useState(false);
  const isWaiting = waiting > 0 || isRefused;
  if (!isOver) {
    return (
      <button class="button primary" type="button" disabled>
        {tx('{0} is not over yet', month(period))}
      </button>
    );
  }
  return (
    <Act
      button={t('Close {0}', month(period))}
      buttonKind="primary"
      title={t('Close {0}', month(period))}
      confirm={t('Close the month for good')}
      body={isWaiting && isForced ? { force: true } : waiting > 0 ? undefined : {}}
      write={(body: Schema<'CloseBody'>, key) =>
        answerOf(
          api.POST('/v1/billing-periods/{period}/close', {
            params: { path: { period }, header: once(key) },
            body,
          }),
        ).catch((error: unknown) => {
          if (error instanceof Refused && error.code === 'attempts_waiting') setRefused(true);
          throw error;
        })
      }
      done={(closed) => (
        <>
          {tx(
            '{0} with {1} {1|event|events}. Its root is {2}.',
            <strong>{tx('{0} is closed', month(closed.period))}</strong>,
            count(closed.size),
            <code class="id">{closed.root}</code>,
          )}
        </>
      )}
      review={(body) => (
        <>
          <p>{t('This can’t be undone. Afterwards, adjustments to the month are refused.')}</p>
          <Written
            rows={[
              [t('Month'), month(period)],
              ...totals.map(
                (one) =>
                  [
                    t('Billed, {0}', one.currency),
                    t('{0}, from {1} {1|user|users}', money(one.cost_cents), count(one.users)),
                  ] as const,
              ),
              [
                t('Waiting'),
                body.force !== true
                  ? t('nothing')
                  : waiting > 0
                    ? t('{0}, billed later', count(waiting))
                    : t('some, billed later'),
              ],
            ]}
          />
        </>
      )}
      form={
        isWaiting ? (
          <Check
            label={
              waiting > 0
                ? t(
                    'Close it although {0} {0|attempt is|attempts are} waiting. What is waiting is billed in a later month.',
                    count(waiting),
                  )
                : t(
                    'Close it although attempts are waiting. What is waiting is billed in a later month.',
                  )
            }
            isOn={isForced}
            onChange={setForced}
          />
        ) : (
          <p>{t('Nothing is waiting. The next step shows what the close fixes.')}</p>
        )
      }
    />
  );
}
