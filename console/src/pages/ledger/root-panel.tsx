import { useEffect, useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { usePinnedKey } from '../../api/pinned-key';
import { useRead } from '../../api/use-read';
import { count } from '../../format';
import { Panel } from '../../parts/panel';
import { PinKey } from '../../parts/pin-key';
import { Shown } from '../../parts/state';
import { vouchedRoot } from '../../proof/check';
import { t, tx } from '../../i18n/language';

/** Shows the signed root of all events so far, and checks it against the pinned key. */
export function RootPanel() {
  const [pinned, pin] = usePinnedKey();
  const read = useRead(['root'], () => answerOf(api.GET('/v1/audit/root')));
  return (
    <Panel title={t('Signed root')} note={t('One hash that stands for every event so far.')}>
      <div class="panel-body">
        <Shown read={read}>
          {(root) => (
            <>
              <p>
                <span class="quiet">{tx('Of {0} {0|event|events}:', count(root.size))}</span>{' '}
                <code class="id">{root.root}</code>
              </p>
              <PinKey pinned={pinned} offered={root.verifier_keys} onPin={pin} />
              {pinned !== '' && <Verdict root={root} pinned={pinned} />}
              <details>
                <summary>{t('The signed note')}</summary>
                <pre tabIndex={0}>{root.checkpoint}</pre>
              </details>
            </>
          )}
        </Shown>
      </div>
    </Panel>
  );
}

function Verdict({
  root,
  pinned,
}: {
  readonly root: Schema<'SignedRoot'>;
  readonly pinned: string;
}) {
  const [trouble, setTrouble] = useState<string>();
  const [isChecked, setChecked] = useState(false);
  useEffect(() => {
    let stopped = false;
    const conclude = (found?: string) => {
      if (stopped) return;
      setTrouble(found);
      setChecked(true);
    };
    vouchedRoot(root.checkpoint, pinned).then(
      (vouched) =>
        conclude(
          vouched.root === root.root
            ? undefined
            : t('The signed note names a different root from the one in the answer.'),
        ),
      (error: Error) => conclude(error.message),
    );
    return () => {
      stopped = true;
    };
  }, [root, pinned]);
  if (!isChecked) return <p role="status">{t('Checking…')}</p>;
  return trouble === undefined ? (
    <p class="notice good" role="status">
      {t('Your pinned key signed this root.')}
    </p>
  ) : (
    <p class="notice bad" role="alert">
      {trouble}
    </p>
  );
}
