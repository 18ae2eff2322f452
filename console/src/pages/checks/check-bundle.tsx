import { useEffect, useRef, useState } from 'preact/hooks';

import { usePinnedKey } from '../../api/pinned-key';
import { Drop } from '../../parts/drop';
import { Field } from '../../parts/field';
import { Panel } from '../../parts/panel';
import { t } from '../../i18n/language';

/** The worker's answer. */
interface Checked {
  readonly holds?: boolean;
  readonly words?: readonly string[];
  /** Why the bundle could not be checked. That says nothing about whether it holds. */
  readonly error?: string;
}

/** Checks a bundle in the browser with the code of `check-bundle`: the file is not uploaded. */
export function CheckBundle() {
  const [pinned] = usePinnedKey();
  const [key, setKey] = useState(pinned);
  const [file, setFile] = useState<File>();
  const [checked, setChecked] = useState<Checked>();
  const [isBusy, setBusy] = useState(false);
  const worker = useRef<Worker>(undefined);
  const stop = () => worker.current?.terminate();
  useEffect(() => stop, []);
  // What was found out about another file, or with another key, says nothing about this one.
  const forget = () => {
    stop();
    setChecked(undefined);
    setBusy(false);
  };
  const check = (event: Event) => {
    event.preventDefault();
    forget();
    setBusy(true);
    worker.current = new Worker(new URL('../../../bundle-worker/worker.ts', import.meta.url), {
      type: 'module',
    });
    const end = (said: Checked) => {
      setChecked(said);
      setBusy(false);
      stop();
    };
    worker.current.onmessage = ({ data }: MessageEvent<Checked>) => end(data);
    worker.current.onerror = () => end({ error: t('The check could not run.') });
    worker.current.postMessage({ file, key: key.trim() === '' ? undefined : key.trim() });
  };
  return (
    <Panel
      title={t('Check a bundle')}
      note={t('Runs the code of check-bundle in this browser. The file never leaves it.')}
    >
      <form class="panel-body form" onSubmit={check}>
        <Drop
          label={t('The bundle')}
          hint={t('Drop a bundle here, or choose one; gzip is fine.')}
          accept=".ndjson,.gz"
          file={file}
          onFile={(next) => {
            forget();
            setFile(next);
          }}
        />
        <Field
          label={t('The ledger’s verifier key')}
          hint={t(
            'From a source that you trust. Without it, the check shows that the file is intact, but not who made it.',
          )}
          value={key}
          onInput={(next) => {
            forget();
            setKey(next);
          }}
        />
        <div>
          <button class="button primary" type="submit" disabled={isBusy || file === undefined}>
            {isBusy ? t('Checking…') : t('Check it')}
          </button>
        </div>
        {checked !== undefined && <Verdict checked={checked} />}
      </form>
    </Panel>
  );
}

function Verdict({ checked: { holds = false, words = [], error } }: { readonly checked: Checked }) {
  if (error !== undefined) {
    return (
      <div class="notice warn" role="alert">
        <strong>{t('Not checked.')}</strong>
        <p>{error}</p>
      </div>
    );
  }
  return (
    <div class={`notice ${holds ? 'good' : 'bad'}`} role="status">
      <strong>
        {holds ? t('The bundle passed the check.') : t('The bundle failed the check.')}
      </strong>
      {words.map((text, index) => (
        <p key={index} lang="en">
          {text}
        </p>
      ))}
    </div>
  );
}
