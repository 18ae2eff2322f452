import { useEffect, useState } from 'preact/hooks';

import { allPages } from '../../api/all-pages';
import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { usePinnedKey } from '../../api/pinned-key';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { count } from '../../format';
import { Chip } from '../../parts/chip';
import { Panel } from '../../parts/panel';
import { PinKey } from '../../parts/pin-key';
import { Empty, Shown } from '../../parts/state';
import { checkInclusion, vouchedRoot, type Claim } from '../../proof/check';
import { t, tx } from '../../i18n/language';

/** The most events that are proved at once. A session has few. */
const MOST = 200;

interface Claims {
  readonly root: Schema<'SignedRoot'>;
  readonly events: readonly {
    readonly type: string;
    readonly position: string;
    readonly claim: Claim;
  }[];
}

/** Proves in the browser that the session's facts are in the ledger, under a root that the pinned key signed. */
export function Proof({ session }: { readonly session: string }) {
  const [pinned, pin] = usePinnedKey();
  const read = useRead(['proof', session], () => claimsOf(session));
  return (
    <Panel title={t('Proof')} note={t('Checked here, in your browser, not by the service.')}>
      <div class="panel-body">
        <Shown read={read}>
          {(claims) => (
            <>
              <PinKey pinned={pinned} offered={claims.root.verifier_keys} onPin={pin} />
              {pinned !== '' && <Verdicts claims={claims} pinned={pinned} />}
            </>
          )}
        </Shown>
      </div>
    </Panel>
  );
}

async function claimsOf(session_id: string): Promise<Claims> {
  const { items } = await allPages(
    (cursor) =>
      answerOf(
        api.GET('/v1/audit/events', {
          params: { query: given({ session_id, cursor, limit: 100 }) },
        }),
      ),
    MOST,
  );
  const root = await answerOf(api.GET('/v1/audit/root'));
  const { size } = root;
  const events = await Promise.all(
    items
      .filter(({ index }) => index < size)
      .map(async ({ type, position, leaf, index }) => {
        const params = { path: { index: String(index) }, query: { size } };
        const { path } = await answerOf(api.GET('/v1/audit/proofs/{index}', { params }));
        return { type, position, claim: { leaf, index, size, path } };
      }),
  );
  return { root, events };
}

type Outcome =
  | { readonly trouble: string }
  | {
      readonly verdicts: readonly (string | undefined)[];
      readonly root: string;
      readonly size: number;
    };

function Verdicts({ claims, pinned }: { readonly claims: Claims; readonly pinned: string }) {
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    let stopped = false;
    void judge(claims, pinned).then((found) => !stopped && setOutcome(found));
    return () => {
      stopped = true;
    };
  }, [claims, pinned]);
  if (outcome === undefined) return <p role="status">{t('Checking…')}</p>;
  if ('trouble' in outcome) {
    return (
      <p class="notice bad" role="alert">
        <strong>{t('Not proved.')}</strong> {outcome.trouble}
      </p>
    );
  }
  const { verdicts, root, size } = outcome;
  if (verdicts.length === 0)
    return <Empty>{t('The signed root does not cover this session’s events yet.')}</Empty>;
  const isSound = verdicts.every((one) => one === undefined);
  return (
    <>
      <p class={isSound ? 'notice good' : 'notice bad'} role="status">
        <strong>{isSound ? t('Proved.') : t('Not proved.')}</strong>{' '}
        {isSound
          ? t(
              'Every fact ({0}) is among the {1} events under the root that the pinned key signed.',
              verdicts.length,
              count(size),
            )
          : t('What the service shows is not what was signed.')}
      </p>
      <ol class="proofs">
        {claims.events.map(({ type, position, claim }, index) => (
          <li key={position}>
            <Chip tone={verdicts[index] === undefined ? 'good' : 'bad'}>
              {verdicts[index] === undefined ? t('proved') : t('wrong')}
            </Chip>{' '}
            {type}{' '}
            <span class="quiet">
              {tx('event {0}, by {1} {1|hash|hashes}', count(claim.index), claim.path.length)}
            </span>
            {verdicts[index] !== undefined && <p>{verdicts[index]}</p>}
            <details>
              <summary>{t('The proved text')}</summary>
              <pre tabIndex={0}>{claim.leaf}</pre>
            </details>
          </li>
        ))}
      </ol>
      <p class="quiet">{tx('Root {0}', <code class="id">{root}</code>)}</p>
    </>
  );
}

/** Checks every claim. A verdict says what is wrong with an event's proof; `undefined` if nothing is. */
async function judge({ root, events }: Claims, pinned: string): Promise<Outcome> {
  try {
    const vouched = await vouchedRoot(root.checkpoint, pinned);
    const verdicts = await Promise.all(
      events.map(({ claim }) =>
        checkInclusion(claim, vouched).then(
          () => undefined,
          (error: Error) => error.message,
        ),
      ),
    );
    return { verdicts, root: vouched.root, size: vouched.size };
  } catch (error) {
    const isOld = error instanceof DOMException && error.name === 'NotSupportedError';
    return {
      trouble: isOld
        ? t(
            'This browser can’t check Ed25519 signatures. Use a newer one, or check a bundle with the command check-bundle.',
          )
        : (error as Error).message,
    };
  }
}
