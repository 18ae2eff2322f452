import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { once } from '../../api/write';
import { instant } from '../../format';
import { Act, Written } from '../../parts/act';
import { Field, Select } from '../../parts/field';
import { readMoment } from '../../shell/as-of';

interface Defined {
  readonly plan: string;
  readonly body: Schema<'PlanBody'>;
}

/** Defines a plan. Limits that are left empty are none. */
export function DefinePlanButton() {
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
      button="New plan"
      title="Define a plan"
      confirm="Define the plan"
      body={defined}
      write={({ plan, body }, key) =>
        answerOf(
          api.PUT('/v1/plans/{plan}', { params: { path: { plan }, header: once(key) }, body }),
        )
      }
      done={(made) => (
        <>
          The plan <strong>{made.plan}</strong> is there. Assign it on a user’s page.
        </>
      )}
      review={({ plan, body }) => (
        <>
          <p>A plan does not change once it is defined.</p>
          <Written
            rows={[
              ['Plan', plan],
              ['Included minutes', String(body.included_minutes)],
              ['Minutes', String(body.minutes ?? 'no limit')],
              ['Sessions', String(body.sessions ?? 'no limit')],
              [
                'Largest file',
                body.file_size_bytes === null ? 'no limit' : `${body.file_size_bytes} bytes`,
              ],
              ['Formats', body.export_formats?.join(', ') ?? 'all'],
            ]}
          />
        </>
      )}
      form={
        <>
          <Field label="Name" hint="a-z 0-9 . _ -" value={plan} onInput={setPlan} required />
          <Field
            label="Included minutes a month"
            value={included}
            onInput={setIncluded}
            placeholder="0"
          />
          <Field
            label="Minutes a month"
            value={minutes}
            onInput={setMinutes}
            placeholder="no limit"
          />
          <Field
            label="Sessions a month"
            value={sessions}
            onInput={setSessions}
            placeholder="no limit"
          />
          <Field
            label="Largest file, MB"
            value={megabytes}
            onInput={setMegabytes}
            placeholder="no limit"
          />
          <Field
            label="Export formats"
            hint="json txt vtt"
            value={formats}
            onInput={setFormats}
            placeholder="all"
          />
        </>
      }
    />
  );
}

/** Names the plan of users whom nobody assigned. */
export function DefaultPlanButton({ plans }: { readonly plans: readonly string[] }) {
  const zone = useZone();
  const [plan, setPlan] = useState('');
  const [from, setFrom] = useState('');
  return (
    <Act
      button="Default plan"
      title="Name the default plan"
      confirm="Name the default plan"
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
          Users whom nobody assigned have <strong>{named.plan}</strong> from{' '}
          {instant(named.effective_from, zone)} ({zone}) on.
        </>
      )}
      review={(body) => (
        <Written
          rows={[
            ['Whom', 'all users whom nobody assigned a plan'],
            ['Plan', body.plan],
            ['From', body.effective_from ?? 'now'],
          ]}
        />
      )}
      form={
        <>
          <Select
            label="Plan"
            value={plan}
            onChange={setPlan}
            options={[['', 'Choose…'], ...plans.map((name) => [name, name] as const)]}
          />
          <Field
            label="From"
            hint="Now, if left empty. Else a time in UTC, not in the past."
            value={from}
            onInput={setFrom}
          />
        </>
      }
    />
  );
}
