import { useState } from 'preact/hooks';

import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Chip } from '../../parts/chip';
import { Check, Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Shown } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { Deliveries } from './deliveries';
import { DeleteWebhook, RotateSecret, Switch, TestButton } from './webhook-acts';
import { listed } from '../../format';
import { m, t, tx } from '../../i18n/language';

type Webhook = Schema<'Webhook'>;
type Body = Schema<'WebhookBody'>;

const MOST = 2_000;
type Type = Body['types'][number];
const TEXTS: Readonly<Record<Type, string>> = {
  'minutebook.alert.reached': m('An alert is reached'),
  'minutebook.billing_period.closed': m('A month is closed'),
  'minutebook.adjustment.recorded': m('An adjustment is recorded'),
  'minutebook.attempt.unrated': m('An attempt has no price'),
  'minutebook.attempt.waiting': m('An attempt has waited for a day'),
  'minutebook.verification.failed': m('A check of the ledger fails'),
  'minutebook.user.erased': m('A user is erased'),
};
const TYPES = Object.entries(TEXTS) as [Type, string][];
const textOf = (type: Type) => t(TEXTS[type]);

/** Webhooks: who receives what, and what was sent. */
export function WebhooksPage() {
  const { query } = useRoute();
  const open = query.get('webhook');
  const read = useRead(['webhooks'], async () => {
    const { items } = await allPages(
      (cursor) =>
        answerOf(api.GET('/v1/webhooks', { params: { query: given({ cursor, limit: 500 }) } })),
      MOST,
    );
    return items;
  });
  const { again } = read;
  return (
    <>
      <PageHead
        title={t('Webhooks')}
        under={t('Signed as Standard Webhooks says, sent at least once, retried for about a day.')}
        actions={<NewWebhookButton onMade={again} />}
      />
      <Shown read={read}>
        {(webhooks) =>
          webhooks.length === 0 ? (
            <Panel title={t('All webhooks')}>
              <Empty>{t('There is no webhook yet.')}</Empty>
            </Panel>
          ) : (
            [...webhooks]
              .reverse()
              .map((one) => (
                <One key={one.id} webhook={one} isOpen={one.id === open} onChange={again} />
              ))
          )
        }
      </Shown>
    </>
  );
}

function One({
  webhook,
  isOpen,
  onChange,
}: {
  readonly webhook: Webhook;
  readonly isOpen: boolean;
  readonly onChange: () => void;
}) {
  return (
    <Panel
      title={webhook.name}
      note={<code>{webhook.url}</code>}
      actions={
        webhook.enabled ? (
          <Chip tone="good">{t('on')}</Chip>
        ) : (
          <Chip tone="warn">{t('switched off')}</Chip>
        )
      }
    >
      <div class="panel-body">
        {webhook.off_because !== null && (
          <p class="notice warn">
            {t(
              'The service switched it off because too many deliveries are waiting for it. They are kept, but nothing new is queued. Fix the receiver, then switch it on.',
            )}
          </p>
        )}
        <ul class="plain">
          {webhook.types.map((type) => (
            <li key={type}>
              {textOf(type)} <code class="quiet">{type}</code>
            </li>
          ))}
        </ul>
        <div class="form-row">
          <TestButton webhook={webhook} />
          <Switch webhook={webhook} onChange={onChange} />
          <RotateSecret webhook={webhook} />
          <DeleteWebhook webhook={webhook} onGone={onChange} />
          <a
            class="button small"
            aria-expanded={isOpen}
            href={hrefTo(['webhooks'], { webhook: isOpen ? undefined : webhook.id })}
          >
            {t('Deliveries')}
          </a>
        </div>
      </div>
      {isOpen && <Deliveries webhook={webhook} />}
    </Panel>
  );
}

const NewWebhookButton = anew(function NewWebhookButton({
  onMade,
}: {
  readonly onMade: () => void;
}) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [types, setTypes] = useState<readonly string[]>(['minutebook.alert.reached']);
  const isUrl = /^https?:\/\/\S+$/.test(url.trim());
  const chosen = TYPES.map(([type]) => type).filter((type) => types.includes(type));
  const body: Body | undefined =
    name.trim() === '' || !isUrl || chosen.length === 0
      ? undefined
      : { name: name.trim(), url: url.trim(), types: chosen };
  return (
    <Act
      button={t('New webhook')}
      buttonKind="primary"
      title={t('Make a webhook')}
      confirm={t('Make the webhook')}
      body={body}
      hasKey={false}
      write={(body) => answerOf(api.POST('/v1/webhooks', { body }))}
      onDone={onMade}
      done={({ name, secret }) => (
        <>
          <strong>{tx('The secret of {0}, shown only this once:', <bdi>{name}</bdi>)}</strong>
          <pre tabIndex={0} class="secret">
            {secret}
          </pre>
        </>
      )}
      review={(body) => (
        <Written
          rows={[
            [t('Name'), <bdi key="name">{body.name}</bdi>],
            [t('Address'), <code key="url">{body.url}</code>],
            [t('Notified of'), listed(body.types.map(textOf))],
          ]}
        />
      )}
      form={
        <>
          <Field label={t('Name')} value={name} onInput={setName} pointer="/name" required />
          <Field
            label={t('Address')}
            hint={t('It must be https and public.')}
            value={url}
            onInput={setUrl}
            fault={url.trim() !== '' && !isUrl ? t('Not an address: https://…') : undefined}
            pointer="/url"
            required
          />
          <fieldset class="checks">
            <legend>{t('Notified of')}</legend>
            {TYPES.map(([type, text]) => (
              <Check
                key={type}
                label={t(text)}
                isOn={types.includes(type)}
                onChange={(isOn) =>
                  setTypes(isOn ? [...types, type] : types.filter((one) => one !== type))
                }
              />
            ))}
          </fieldset>
        </>
      }
    />
  );
});
