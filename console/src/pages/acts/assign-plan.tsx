import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { allPlans } from '../../api/terms';
import { useRead } from '../../api/use-read';
import { once } from '../../api/write';
import { instant } from '../../format';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Field, Select } from '../../parts/field';
import { CutOff } from '../../parts/state';
import { readMoment } from '../../shell/as-of';
import { t, tx } from '../../i18n/language';

type Body = Schema<'AssignPlanBody'>;

/** Assigns a plan to a user, and optionally a currency, from a moment on. */
export const AssignPlanButton = anew(function AssignPlanButton({ id }: { readonly id: string }) {
  const zone = useZone();
  const plans = useRead(['plans'], () => allPlans(undefined));
  // Not the currency of the page, which shows one of those that the user's months have.
  const own = useRead(['plan of', id], () =>
    answerOf(api.GET('/v1/users/{user_id}/plan', { params: { path: { user_id: id } } })),
  );
  const current = own.data?.currency ?? '…';
  const [plan, setPlan] = useState('');
  const [currency, setCurrency] = useState('');
  const [from, setFrom] = useState('');
  const body: Body | undefined =
    plan === ''
      ? undefined
      : {
          plan,
          ...(currency.trim() === '' ? {} : { currency: currency.trim().toUpperCase() }),
          ...(from.trim() === '' ? {} : { effective_from: readMoment(from) }),
        };
  return (
    <Act
      button={t('Plan')}
      title={t('Assign a plan')}
      confirm={t('Assign the plan')}
      body={body}
      write={(body, key) =>
        answerOf(
          api.PUT('/v1/users/{user_id}/plan', {
            params: { path: { user_id: id }, header: once(key) },
            body,
          }),
        )
      }
      done={(assigned) => (
        <>
          {tx(
            '{0} has the plan {1}, billed in {2}, from {3} ({4}).',
            <bdi>{assigned.user_id}</bdi>,
            <strong>{assigned.plan}</strong>,
            assigned.currency,
            instant(assigned.effective_from, zone),
            zone,
          )}
        </>
      )}
      review={(body) => (
        <Written
          rows={[
            [t('User'), <bdi key="user">{id}</bdi>],
            [t('Plan'), body.plan],
            [t('From'), body.effective_from ?? t('now')],
            [t('Currency'), body.currency ?? t('unchanged ({0})', current)],
          ]}
        />
      )}
      form={
        <>
          <Select
            label={t('Plan')}
            value={plan}
            onChange={setPlan}
            options={[
              ['', t('Choose…')],
              ...(plans.data?.items ?? []).map((one) => [one.plan, one.plan] as const),
            ]}
          />
          {plans.data !== undefined && <CutOff of={plans.data} />}
          <Field
            label={t('From')}
            hint={t(
              'Empty means now. Otherwise, enter a time in UTC that is not in the past: 2027-01-01',
            )}
            value={from}
            onInput={setFrom}
          />
          <Field
            label={t('Currency')}
            hint={t(
              'Leave empty to keep {0}. The currency changes only for months without usage.',
              current,
            )}
            value={currency}
            onInput={setCurrency}
          />
        </>
      }
    />
  );
});
