import { useEffect, useState } from 'preact/hooks';

import { answerOf, reached, type Refused } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useIsFinance, usePerson, useZone } from '../../api/person';
import { useJob } from '../../api/use-job';
import { refusedOf, useRead } from '../../api/use-read';
import { count, instant } from '../../format';
import { Chip } from '../../parts/chip';
import { JobProgress } from '../../parts/job-progress';
import { PageHead, Panel } from '../../parts/panel';
import { Problem, Shown } from '../../parts/state';
import { t, tx } from '../../i18n/language';
import { words } from '../../i18n/words';

const EVERY_MS = 2_000;

/** The service's health: its stores, how far the read models are, signing, and a rebuild. */
export function OperationsPage() {
  const { ledgerId, zone } = usePerson();
  const read = useRead(['ready'], health);
  // A store that fails does not make the ledger grow, which is when pages read again.
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && read.again(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  // The panel below appears only once this one is read, so that nothing jumps.
  const isRead = read.data !== undefined || read.error !== undefined;
  return (
    <>
      <PageHead
        title={t('Operations')}
        under={t('Ledger {0}, time zone {1}', ledgerId ?? '', zone ?? '')}
      />
      <Shown read={read}>{(ready) => <Health ready={ready} />}</Shown>
      {useIsFinance() && isRead && <Rebuild />}
    </>
  );
}

/** Reads the health. Not ready (503) is an answer too: it says what is wrong. */
async function health(): Promise<Schema<'Readiness'>> {
  const { data, error } = await reached(api.GET('/health/ready'));
  const ready = (data ?? error) as Schema<'Readiness'> | undefined;
  if (ready === undefined) throw new Error(t('The service does not report its health.'));
  return ready;
}

/** A part is null while the service waits for its store. */
function stateOf(part: { readonly trouble: string | null } | null): string {
  return part?.trouble === null ? 'ok' : 'unavailable';
}

function Health({ ready }: { readonly ready: Schema<'Readiness'> }) {
  const { read_model: model, instance, signed_roots: roots } = ready;
  const rows: readonly (readonly [string, string, string | null])[] = [
    [t('Service'), ready.status, null],
    [
      t('Event store'),
      ready.event_store,
      ready.head === null ? null : t('head at {0}', ready.head),
    ],
    [
      t('Read models'),
      stateOf(model),
      model === null
        ? null
        : (model.trouble ??
          model.waits ??
          t('at {0}, {1} {1|event|events} behind', model.position, count(model.behind ?? 0))),
    ],
    [
      t('Instance'),
      stateOf(instance),
      instance === null
        ? null
        : (instance.trouble ??
          (instance.advances
            ? t('fills the read models')
            : t('another instance fills the read models'))),
    ],
    [t('Signing'), stateOf(roots), roots === null ? null : roots.trouble],
  ];
  return (
    <Panel title={t('Health')}>
      <dl class="health">
        {rows.map(([name, state, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Chip tone={state === 'ok' ? 'good' : 'bad'}>{words(state)}</Chip>{' '}
              <span class="quiet">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Rebuild() {
  const zone = useZone();
  const [id, setId] = useState<string>();
  const [isStarting, setStarting] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const read = useRead(['rebuilds', id], () =>
    answerOf(api.GET('/v1/audit/rebuilds', { params: { query: { limit: 10 } } })),
  );
  const start = async () => {
    setStarting(true);
    setRefused(undefined);
    try {
      setId((await answerOf(api.POST('/v1/audit/rebuilds'))).id);
    } catch (error) {
      setRefused(refusedOf(error));
    } finally {
      setStarting(false);
    }
  };
  return (
    <Panel
      title={t('Rebuild the read models')}
      note={t(
        'Builds new read models from the events beside the live ones, then swaps them. The service keeps answering.',
      )}
    >
      <div class="panel-body">
        <div>
          <button class="button" type="button" disabled={isStarting} onClick={() => void start()}>
            {t('Rebuild')}
          </button>
        </div>
        {refused !== undefined && <Problem refused={refused} />}
        {id !== undefined && <Rebuilding id={id} onEnd={read.again} />}
        <Shown read={read}>
          {({ items }) => (
            <ul class="plain">
              {items.map((one) => (
                <li key={one.id}>
                  {instant(one.created_at, zone)}{' '}
                  <Chip
                    tone={
                      one.status === 'done' ? 'good' : one.status === 'failed' ? 'bad' : 'plain'
                    }
                  >
                    {words(one.status)}
                  </Chip>
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </div>
    </Panel>
  );
}

interface RebuildingProps {
  readonly id: string;
  readonly onEnd: () => void;
}

function Rebuilding({ id, onEnd }: RebuildingProps) {
  const { job, error } = useJob(
    id,
    (id) => answerOf(api.GET('/v1/audit/rebuilds/{id}', { params: { path: { id } } })),
    onEnd,
  );
  if (error !== undefined) return <Problem refused={error} />;
  if (job === undefined) return null;
  if (job.error !== null) return <p class="notice bad">{job.error.detail}</p>;
  if (job.result !== null) {
    return (
      <p class="notice good" role="status">
        {tx('Rebuilt from {0} {0|event|events}.', count(job.result.size))}
      </p>
    );
  }
  return <JobProgress status={job.status} progress={job.progress} />;
}
