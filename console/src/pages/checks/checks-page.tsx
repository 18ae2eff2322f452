import { useState } from 'preact/hooks';

import type { paths } from '../../api/client';
import { periodOr, usePerson } from '../../api/person';
import { month } from '../../format';
import { Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { useRoute } from '../../route';
import { CheckBundle } from './check-bundle';
import { DownloadButton } from './download';
import { Replays } from './replays';
import { t, tx } from '../../i18n/language';

type Format = paths['/v1/audit/export']['get']['parameters']['query']['format'];

/** By format: the text of its button, and the ending of its file's name, as the API has it. */
const FORMATS: Readonly<Record<Format, readonly [text: string, ending: string]>> = {
  csv: ['CSV', 'csv'],
  ndjson: ['NDJSON', 'ndjson'],
  focus: ['FOCUS 1.2', 'focus.csv'],
  hledger: ['hledger', 'journal'],
};

/** Checks answers against the events, and offers files for books and auditors. */
export function ChecksPage() {
  const person = usePerson();
  const { period: asked, asOf } = useRoute();
  const period = periodOr(asked, person);
  const past = asOf === undefined ? '' : `&as_of=${encodeURIComponent(asOf)}`;
  return (
    <>
      <PageHead
        title={t('Checks and files')}
        under={t('{0}: choose another month above.', month(period))}
      />
      <Replays period={period} />
      <div class="columns">
        <Panel title={t('Export')} note={t('Every format adds up to the summaries.')}>
          <div class="panel-body">
            <div class="form-row">
              {Object.entries(FORMATS).map(([format, [text, ending]]) => (
                <DownloadButton
                  key={format}
                  path={`/v1/audit/export?period=${period}&format=${format}${past}`}
                  name={`minutebook-${period}.${ending}`}
                  text={text}
                />
              ))}
            </div>
          </div>
        </Panel>
        <Bundle period={period} past={past} />
      </div>
      <CheckBundle />
    </>
  );
}

function Bundle({ period, past }: { readonly period: string; readonly past: string }) {
  const [user, setUser] = useState('');
  const of = user.trim() === '' ? '' : `&user_id=${encodeURIComponent(user.trim())}`;
  return (
    <Panel title={t('Bundle for an auditor')} note={t('Checked offline, without the service.')}>
      <div class="panel-body">
        <div class="form-row">
          <Field label={t('User')} value={user} onInput={setUser} placeholder={t('everybody')} />
          <DownloadButton
            path={`/v1/audit/bundle?period=${period}${of}${past}`}
            name={`bundle-${period}${of === '' ? '' : `-${user.trim()}`}.ndjson`}
            text={t('Download')}
          />
        </div>
        <p class="quiet">
          {tx(
            '{0} recomputes every hash and every cent in it.',
            <code>minutebook check-bundle FILE --key KEY</code>,
          )}
        </p>
      </div>
    </Panel>
  );
}
