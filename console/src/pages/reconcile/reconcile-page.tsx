import { useState } from 'preact/hooks';

import { answerOf, Refused } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { periodOr, usePerson, useZone } from '../../api/person';
import { refusedOf, useRead, type Read } from '../../api/use-read';
import { instant, month } from '../../format';
import { Chip } from '../../parts/chip';
import { Drop } from '../../parts/drop';
import { Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Problem, Shown } from '../../parts/state';
import { change, hrefTo, useRoute } from '../../route';
import { Reconciled } from './reconciled';
import { sendList } from './send-list';
import { t } from '../../i18n/language';
import { words } from '../../i18n/words';

/** Compares a vendor's list of requests with the ledger's logs. Writes nothing to the ledger. */
export function ReconcilePage() {
  const { query } = useRoute();
  const id = query.get('job') ?? undefined;
  const earlier = useRead(['reconciliations', id], () =>
    answerOf(api.GET('/v1/audit/reconciliations', { params: { query: { limit: 20 } } })),
  );
  return (
    <>
      <PageHead
        title={t('Reconcile with a vendor')}
        under={t(
          'Compares what they billed with what the ledger has. Nothing is written to the ledger.',
        )}
      />
      <NewOne />
      {id !== undefined && <Reconciled key={id} id={id} onEnd={earlier.again} />}
      <Earlier read={earlier} />
    </>
  );
}

function NewOne() {
  const { period: asked } = useRoute();
  const period = periodOr(asked, usePerson());
  const [provider, setProvider] = useState('');
  const [match, setMatch] = useState('');
  const [tolerance, setTolerance] = useState('');
  const [file, setFile] = useState<File>();
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const isReady = file !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(provider.trim());
  const start = async (event: Event) => {
    event.preventDefault();
    if (file === undefined) return;
    setBusy(true);
    setRefused(undefined);
    try {
      const order = {
        provider: provider.trim(),
        period,
        match: match.trim(),
        tolerance_seconds: tolerance.trim(),
      };
      change({ job: await sendList(file, order) });
    } catch (error) {
      setRefused(refusedOf(error));
    } finally {
      setBusy(false);
    }
  };
  const faultOf = (pointer: string) => (refused?.pointer === pointer ? refused.detail : undefined);
  return (
    <Panel title={t('A list for {0}', month(period))} note={t('Choose another month above.')}>
      <form class="panel-body form" onSubmit={(event) => void start(event)}>
        <Drop
          label={t('The vendor’s list')}
          hint={t(
            'Drop a CSV or JSON file here, or choose one. Deepgram’s and AssemblyAI’s lists need no changes.',
          )}
          accept=".csv,.json,text/csv,application/json"
          file={file}
          onFile={setFile}
        />
        <div class="form-row">
          <Field
            label={t('Provider')}
            value={provider}
            onInput={setProvider}
            placeholder="deepgram"
            fault={faultOf('/provider')}
            required
          />
          <Field
            label={t('Field with their id')}
            value={match}
            onInput={setMatch}
            placeholder="/request_id"
            fault={faultOf('/match')}
          />
          <Field
            label={t('Tolerance, seconds')}
            value={tolerance}
            onInput={setTolerance}
            placeholder="1"
            fault={faultOf('/tolerance_seconds')}
          />
          <button class="button primary" type="submit" disabled={isBusy || !isReady}>
            {isBusy ? t('Sending…') : t('Compare')}
          </button>
        </div>
        {refused !== undefined && <Problem refused={refused} />}
      </form>
    </Panel>
  );
}

type Listed = Pick<Schema<'Reconciliation'>, 'id' | 'status' | 'created_at' | 'request'>;

function Earlier({ read }: { readonly read: Read<{ readonly items: readonly Listed[] }> }) {
  const zone = useZone();
  return (
    <Panel
      title={t('Earlier comparisons')}
      note={t('Newest first. The last 20 are kept for a day.')}
    >
      <Shown read={read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{t('Nothing has been compared yet.')}</Empty>
          ) : (
            <ul class="plain panel-body">
              {items.map((one) => (
                <li key={one.id}>
                  <a href={hrefTo(['reconcile'], { job: one.id })}>
                    {one.request.provider}, {month(one.request.period)}
                  </a>{' '}
                  <span class="quiet">{instant(one.created_at, zone)}</span>{' '}
                  <Chip tone={toneOf(one.status)}>{words(one.status)}</Chip>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Panel>
  );
}

function toneOf(status: Schema<'Reconciliation'>['status']) {
  return status === 'done' ? 'good' : status === 'failed' ? 'bad' : 'plain';
}
