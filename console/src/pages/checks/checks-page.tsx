import { useState } from 'preact/hooks';

import { periodOr, usePerson } from '../../api/person';
import { month } from '../../format';
import { Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { useRoute } from '../../route';
import { CheckBundle } from './check-bundle';
import { DownloadButton } from './download';
import { Replays } from './replays';

const FORMATS = [
  ['csv', 'CSV', 'csv'],
  ['ndjson', 'NDJSON', 'ndjson'],
  ['focus', 'FOCUS 1.2', 'focus.csv'],
  ['hledger', 'hledger', 'journal'],
] as const;

/** Checks of the answers against the events, and files for books and auditors. */
export function ChecksPage() {
  const person = usePerson();
  const { period: asked, asOf } = useRoute();
  const period = periodOr(asked, person);
  const past = asOf === undefined ? '' : `&as_of=${encodeURIComponent(asOf)}`;
  return (
    <>
      <PageHead title="Checks and files" under={`${month(period)}: choose another month above.`} />
      <Replays period={period} />
      <div class="columns">
        <Panel title="Export" note="Every format adds up to the summaries.">
          <div class="panel-body">
            <div class="form-row">
              {FORMATS.map(([format, text, ending]) => (
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
    <Panel title="Bundle for an auditor" note="Checked offline, without the service.">
      <div class="panel-body">
        <div class="form-row">
          <Field label="User" value={user} onInput={setUser} placeholder="everybody" />
          <DownloadButton
            path={`/v1/audit/bundle?period=${period}${of}${past}`}
            name={`bundle-${period}${of === '' ? '' : `-${user.trim()}`}.ndjson`}
            text="Download"
          />
        </div>
        <p class="quiet">
          <code>minutebook check-bundle FILE --key KEY</code> derives every hash and every cent in
          it again.
        </p>
      </div>
    </Panel>
  );
}
