import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { once } from '../../api/write';
import { instant } from '../../format';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Field, Select } from '../../parts/field';
import { readMoment } from '../../shell/as-of';
import { t, tx } from '../../i18n/language';

interface Defined {
  readonly plan: string;
  readonly body: Schema<'PlanBody'>;
}

/** Defines a plan. An empty field means no limit. */
export const DefinePlanButton = anew(function DefinePlanButton() {
  const [plan, setPlan] = useState('');
  const [included, setIncluded] = useState('');
  const [minutes, setMinutes] = useState('');
  const [sessions, setSessions] = useState('');
  const [megabytes, setMegabytes] = useState('');
  const [formats, setFormats] = useState('');
  const whole = (text: string, times = 1) => (text.trim() === '' ? null : Number(text) * times);
  const isReady =
    plan.trim() !== '' && [sessions, megabytes].every((text) => /^\d*$/.test(text.trim()));
  const defined: Defined | undefined = isReady
    ? {
        plan: plan.trim().toLowerCase(),
        body: {
          included_minutes: included.trim() === '' ? '0' : included.trim(),
          minutes: minutes.trim() === '' ? null : minutes.trim(),
          sessions: whole(sessions),
          file_size_bytes: whole(megabytes, 1_000_000),
          export_formats: formats.trim() === '' ? null : formats.trim().split(/[\s,]+/),
        },
      }
    : undefined;
  return (
    <Act
      button={t('New plan')}
      title={t('Define a plan')}
      confirm={t('Define the plan')}
      body={defined}
      write={({ plan, body }, key) =>
        answerOf(
          api.PUT('/v1/plans/{plan}', { params: { path: { plan }, header: once(key) }, body }),
        )
      }
      done={(made) => (
        <>
          {tx('The plan {0} is defined. Assign it on a user’s page.', <strong>{made.plan}</strong>)}
        </>
      )}
      review={({ plan, body }) => (
        <>
          <p>{t('A plan does not change once it is defined.')}</p>
          <Written
            rows={[
              [t('Plan'), plan],
              [t('Included minutes'), String(body.included_minutes)],
              [t('Minutes'), String(body.minutes ?? t('no limit'))],
              [t('Sessions'), String(body.sessions ?? t('no limit'))],
              [
                t('Largest file'),
                body.file_size_bytes == null
                  ? t('no limit')
                  : t('{0} {0|byte|bytes}', body.file_size_bytes),
              ],
              [t('Formats'), body.export_formats?.join(', ') ?? t('all')],
            ]}
          />
        </>
      )}
      form={
        <>
          <Field label={t('Name')} hint="a-z 0-9 . _ -" value={plan} onInput={setPlan} required />
          <Field
            label={t('Included minutes a month')}
            value={included}
            onInput={setIncluded}
            placeholder="0"
          />
          <Field
            label={t('Minutes a month')}
            value={minutes}
            onInput={setMinutes}
            placeholder={t('no limit')}
          />
          <Field
            label={t('Sessions a month')}
            value={sessions}
            onInput={setSessions}
            placeholder={t('no limit')}
          />
          <Field
            label={t('Largest file, MB')}
            value={megabytes}
            onInput={setMegabytes}
            placeholder={t('no limit')}
          />
          <Field
            label={t('Export formats')}
            hint="json txt vtt"
            value={formats}
            onInput={setFormats}
            placeholder={t('all')}
          />
        </>
      }
    />
  );
});

/** Sets the plan of users without an assigned plan. */
export const DefaultPlanButton = anew(function DefaultPlanButton({
  plans,
}: {
  readonly plans: readonly string[];
}) {
  const zone = useZone();
  const [plan, setPlan] = useState('');
  const [from, setFrom] = useState('');
  return (
    <Act
      button={t('Default plan')}
      title={t('Set the default plan')}
      confirm={t('Set the default plan')}
      body={
        plan === ''
          ? undefined
          : { plan, ...(from.trim() === '' ? {} : { effective_from: readMoment(from) }) }
      }
      write={(body, key) =>
        answerOf(api.PUT('/v1/default-plan', { params: { header: once(key) }, body }))
      }
      done={(named) => (
        <>
          {tx(
            'Users without an assigned plan have {0} from {1} ({2}).',
            <strong>{named.plan}</strong>,
            instant(named.effective_from, zone),
            zone,
          )}
        </>
      )}
      review={(body) => (
        <Written
          rows={[
            [t('Applies to'), t('all users without an assigned plan')],
            [t('Plan'), body.plan],
            [t('From'), body.effective_from ?? t('now')],
          ]}
        />
      )}
      form={
        <>
          <Select
            label={t('Plan')}
            value={plan}
            onChange={setPlan}
            options={[['', t('Choose…')], ...plans.map((name) => [name, name] as const)]}
          />
          <Field
            label={t('From')}
            hint={t('Empty means now. Otherwise, enter a time in UTC that is not in the past.')}
            value={from}
            onInput={setFrom}
          />
        </>
      }
    />
  );
});
