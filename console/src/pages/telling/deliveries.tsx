import { useState } from 'preact/hooks';

import { answerOf, type Refused } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { refusedOf } from '../../api/use-read';
import { useLines } from '../../api/use-lines';
import { count, instant } from '../../format';
import { Chip } from '../../parts/chip';
import { Select } from '../../parts/field';
import { MoreTable } from '../../parts/more-table';
import { t } from '../../i18n/language';
import { words } from '../../i18n/words';

type Delivery = Schema<'Delivery'>;
type Status = Delivery['status'];

const TONES = { waiting: 'warn', delivered: 'good', failed: 'bad' } as const;

/** A webhook's deliveries: sent, waiting and failed. */
export function Deliveries({ webhook }: { readonly webhook: Schema<'Webhook'> }) {
  const zone = useZone();
  const [status, setStatus] = useState<Status | ''>('');
  const [turn, setTurn] = useState(0);
  const again = () => setTurn((was) => was + 1);
  const lines = useLines(
    ['deliveries', webhook.id, status],
    (cursor) =>
      answerOf(
        api.GET('/v1/webhooks/{id}/deliveries', {
          params: {
            path: { id: webhook.id },
            query: given({ status: status === '' ? undefined : status, cursor }),
          },
        }),
      ),
    turn,
  );
  return (
    <>
      <div class="panel-body">
        <div class="form-row">
          <Select
            label={t('State')}
            value={status}
            onChange={(value) => setStatus(value as Status | '')}
            options={[
              ['', t('all')],
              ['waiting', words('waiting')],
              ['delivered', words('delivered')],
              ['failed', words('failed')],
            ]}
          />
          <button class="button small" type="button" onClick={again}>
            {t('Refresh')}
          </button>
        </div>
      </div>
      <MoreTable
        label={t('Deliveries')}
        lines={lines}
        keyOf={({ id }) => id}
        empty={t('There are none.')}
        columns={[
          { head: t('Created'), cell: (one) => instant(one.created_at, zone) },
          { head: t('Event'), cell: (one) => <code>{one.type}</code> },
          {
            head: t('State'),
            cell: (one) => <Chip tone={TONES[one.status]}>{words(one.status)}</Chip>,
          },
          { head: t('Tries'), cell: (one) => count(one.tries), isNumber: true },
          {
            head: t('Answer'),
            cell: (one) => one.last_status ?? one.last_error ?? '–',
            isMinor: true,
          },
          {
            head: t('Next try'),
            cell: (one) => (one.next_try_at === null ? '–' : instant(one.next_try_at, zone)),
            isMinor: true,
          },
          {
            head: t('Send again'),
            cell: (one) => <Again webhook={webhook.id} of={one} onSent={again} />,
          },
        ]}
      />
    </>
  );
}

function Again({
  webhook,
  of,
  onSent,
}: {
  readonly webhook: string;
  readonly of: Delivery;
  readonly onSent: () => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const send = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      const path = { id: webhook, delivery_id: of.id };
      await answerOf(
        api.POST('/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver', { params: { path } }),
      );
      onSent();
    } catch (error) {
      setRefused(refusedOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button class="button small" type="button" disabled={isBusy} onClick={() => void send()}>
        {t('Send again')}
      </button>
      {refused !== undefined && (
        <span class="notice bad" role="alert">
          {refused.detail}
        </span>
      )}
    </>
  );
}
