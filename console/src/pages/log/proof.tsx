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
import { checkFact } from '../../proof/fact';
import type { Checkpoint } from '../../proof/note';
import type { Log } from './log-page';
import { t, tx } from '../../i18n/language';

/** The most events that are proved at once. A session has few. */
const MOST = 200;

type Fact = Log['explanation']['events'][number];

interface Claims {
  readonly root: Schema<'SignedRoot'>;
  /** By the event's position. */
  readonly claims: ReadonlyMap<string, Claim>;
}

/** Proves in the browser that the facts shown are in the ledger, under a root that the pinned key signed. */
export function Proof({ log }: { readonly log: Log }) {
  const { session_id: session, explanation } = log;
  const { events: facts } = explanation;
  const [pinned, pin] = usePinnedKey();
  const read = useRead(['proof', session, facts.length, facts.at(-1)?.position], () =>
    claimsOf(session, facts),
  );
  return (
    <Panel title={t('Proof')} note={t('Checked here, in your browser, not by the service.')}>
      <div class="panel-body">
        <Shown read={read}>
          {(claims) => (
            <>
              <PinKey pinned={pinned} offered={claims.root.verifier_keys} onPin={pin} />
              {pinned !== '' && (
                <Verdicts session={session} facts={facts} claims={claims} pinned={pinned} />
              )}
            </>
          )}
        </Shown>
      </div>
    </Panel>
  );
}

async function claimsOf(session_id: string, facts: readonly Fact[]): Promise<Claims> {
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
  const shown = new Set(facts.map(({ position }) => position));
  const claims = await Promise.all(
    items
      .slice(0, MOST)
      .filter(({ index, position }) => index < size && shown.has(position))
      .map(async ({ position, leaf, index }) => {
        const params = { path: { index: String(index) }, query: { size } };
        const { path } = await answerOf(api.GET('/v1/audit/proofs/{index}', { params }));
        return [position, { leaf, index, size, path }] as const;
      }),
  );
  return { root, claims: new Map(claims) };
}

interface Verdict {
  readonly fact: Fact;
  readonly claim: Claim;
  /** What is wrong with the event's proof; `undefined` if nothing is. */
  readonly fault: string | undefined;
}

type Outcome =
  | { readonly trouble: string }
  | { readonly verdicts: readonly Verdict[]; readonly root: string; readonly size: number };

interface VerdictsProps {
  readonly session: string;
  readonly facts: readonly Fact[];
  readonly claims: Claims;
  readonly pinned: string;
}

function Verdicts({ session, facts, claims, pinned }: VerdictsProps) {
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    let stopped = false;
    void judge(session, facts, claims, pinned).then((found) => !stopped && setOutcome(found));
    return () => {
      stopped = true;
    };
  }, [session, facts, claims, pinned]);
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
  return (
    <>
      <Conclusion verdicts={verdicts} shown={facts.length} size={size} />
      <ol class="proofs">
        {verdicts.map(({ fact, claim, fault }) => (
          <li key={fact.position}>
            <Chip tone={fault === undefined ? 'good' : 'bad'}>
              {fault === undefined ? t('proved') : t('wrong')}
            </Chip>{' '}
            {fact.type}{' '}
            <span class="quiet">
              {tx('event {0}, by {1} {1|hash|hashes}', count(claim.index), claim.path.length)}
            </span>
            {fault !== undefined && <p>{fault}</p>}
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

interface ConclusionProps {
  readonly verdicts: readonly Verdict[];
  /** The number of facts that the page shows. */
  readonly shown: number;
  readonly size: number;
}

function Conclusion({ verdicts, shown, size }: ConclusionProps) {
  if (verdicts.some(({ fault }) => fault !== undefined)) {
    return (
      <p class="notice bad" role="status">
        <strong>{t('Not proved.')}</strong> {t('What the service shows is not what was signed.')}
      </p>
    );
  }
  if (verdicts.length < shown) {
    return (
      <p class="notice warn" role="status">
        <strong>{t('Proved in part.')}</strong>{' '}
        {t(
          '{0} of the {1} facts shown above are among the {2} events under the root that the pinned key signed. The others are not proved: the root does not cover them yet, they are beyond the first {3}, or the ledger does not have them.',
          verdicts.length,
          count(shown),
          count(size),
          MOST,
        )}
      </p>
    );
  }
  return (
    <p class="notice good" role="status">
      <strong>{t('Proved.')}</strong>{' '}
      {t(
        'Every fact shown above ({0}) is among the {1} events under the root that the pinned key signed.',
        verdicts.length,
        count(size),
      )}
    </p>
  );
}

/** Checks the claims about the facts that are shown. A fact without a claim gets no verdict. */
async function judge(
  session: string,
  facts: readonly Fact[],
  { root, claims }: Claims,
  pinned: string,
): Promise<Outcome> {
  try {
    const vouched = await vouchedRoot(root.checkpoint, pinned);
    const claimed = facts.flatMap((fact) => {
      const claim = claims.get(fact.position);
      return claim === undefined ? [] : [{ fact, claim }];
    });
    const verdicts = await Promise.all(
      claimed.map(async ({ fact, claim }, place) => {
        const before = claimed[place - 1]?.claim.index ?? -1;
        return { fact, claim, fault: await faultOf(session, fact, claim, before, vouched) };
      }),
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

/** @param before the index of the fact that is shown before it: no event proves two of them. */
async function faultOf(
  session: string,
  fact: Fact,
  claim: Claim,
  before: number,
  root: Checkpoint,
): Promise<string | undefined> {
  try {
    await checkInclusion(claim, root);
    checkFact(claim.leaf, session, fact);
    return claim.index > before
      ? undefined
      : t('In the ledger, it does not come after the fact that is shown before it.');
  } catch (error) {
    return (error as Error).message;
  }
}
