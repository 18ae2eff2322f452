import { useState } from 'preact/hooks';

import { answerOf, type Refused } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { refusedOf } from '../../api/use-read';
import { count, instant } from '../../format';
import { Act, Written } from '../../parts/act';
import { Problem } from '../../parts/state';
import { t, tx } from '../../i18n/language';

type Webhook = Schema<'Webhook'>;

interface OfWebhook {
  readonly webhook: Webhook;
}

const pathTo = ({ id }: Webhook) => ({ params: { path: { id } } });

/** Sends one test message now and shows the receiver's answer. */
export function TestButton({ webhook }: OfWebhook) {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [tested, setTested] = useState<Schema<'WebhookTest'>>();
  const send = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      setTested(await answerOf(api.POST('/v1/webhooks/{id}/test', pathTo(webhook))));
    } catch (error) {
      setRefused(refusedOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button class="button small" type="button" disabled={isBusy} onClick={() => void send()}>
        {isBusy ? t('Sending…') : t('Send a test')}
      </button>
      {refused !== undefined && <Problem refused={refused} />}
      {tested !== undefined && <Tested tested={tested} />}
    </>
  );
}

function Tested({ tested }: { readonly tested: Schema<'WebhookTest'> }) {
  return (
    <div class={`notice ${tested.delivered ? 'good' : 'bad'}`} role="status">
      <strong>
        {tested.delivered ? t('The receiver accepted it.') : t('The receiver did not accept it.')}
      </strong>
      <p>
        {tested.status ?? tested.error}, {count(tested.duration_ms)} ms
      </p>
      {tested.body !== null && tested.body !== '' && <pre tabIndex={0}>{tested.body}</pre>}
    </div>
  );
}

/** Switches a webhook on or off; its subscriptions are kept. */
export function Switch({ webhook, onChange }: OfWebhook & { readonly onChange: () => void }) {
  const [refused, setRefused] = useState<Refused>();
  const change = async () => {
    setRefused(undefined);
    try {
      const body = { enabled: !webhook.enabled };
      await answerOf(api.PATCH('/v1/webhooks/{id}', { ...pathTo(webhook), body }));
      onChange();
    } catch (error) {
      setRefused(refusedOf(error));
    }
  };
  return (
    <>
      <button class="button small" type="button" onClick={() => void change()}>
        {webhook.enabled ? t('Switch off') : t('Switch on')}
      </button>
      {refused !== undefined && <Problem refused={refused} />}
    </>
  );
}

export function RotateSecret({ webhook }: OfWebhook) {
  const zone = useZone();
  return (
    <Act
      button={t('New secret')}
      buttonKind="small"
      title={t('Change the secret')}
      confirm={t('Make a new secret')}
      body={webhook.id}
      hasKey={false}
      write={() => answerOf(api.POST('/v1/webhooks/{id}/rotate-secret', pathTo(webhook)))}
      done={({ secret, old_secret_until: until }) => (
        <>
          <strong>{t('The new secret, shown only this once:')}</strong>
          <pre tabIndex={0} class="secret">
            {secret}
          </pre>
          <p>{tx('The old one also signs until {0}.', instant(until, zone))}</p>
        </>
      )}
      form={<p>{t('For 24 hours, both the old secret and the new one sign.')}</p>}
      review={() => <Written rows={[[t('Name'), <bdi key="name">{webhook.name}</bdi>]]} />}
    />
  );
}

export function DeleteWebhook({ webhook, onGone }: OfWebhook & { readonly onGone: () => void }) {
  return (
    <Act
      button={t('Delete')}
      buttonKind="small"
      title={t('Delete a webhook')}
      confirm={t('Delete it')}
      body={webhook.id}
      hasKey={false}
      write={async () => {
        await answerOf(api.DELETE('/v1/webhooks/{id}', pathTo(webhook)));
      }}
      onDone={onGone}
      done={() => <strong>{t('Deleted.')}</strong>}
      form={<p>{t('Deliveries that are waiting for it are no longer sent.')}</p>}
      review={() => (
        <Written
          rows={[
            [t('Name'), <bdi key="name">{webhook.name}</bdi>],
            [t('Address'), <code key="url">{webhook.url}</code>],
          ]}
        />
      )}
    />
  );
}
