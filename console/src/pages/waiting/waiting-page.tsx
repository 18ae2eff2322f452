import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { given } from '../../api/query';
import { useLines } from '../../api/use-lines';
import { useRead } from '../../api/use-read';
import { age, count, roughly } from '../../format';
import { Chip, type Tone } from '../../parts/chip';
import { Select } from '../../parts/field';
import { MoreTable } from '../../parts/more-table';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Shown } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { Figure } from '../period/figures';
import { m, t } from '../../i18n/language';

type Kind = Schema<'LeakReport'>['items'][number]['kind'];

const KINDS: Readonly<
  Record<Kind, { readonly name: string; readonly tone: Tone; readonly what: string }>
> = {
  unrated: {
    name: 'without a price',
    tone: 'bad',
    what: m('Publish a card with a price for the provider.'),
  },
  pending: {
    name: 'pending',
    tone: 'warn',
    what: m('An earlier attempt has no outcome yet: have it sent.'),
  },
  unfinished: {
    name: 'unfinished',
    tone: 'plain',
    what: m('Started or requested, but without an outcome: have the outcome sent.'),
  },
};

/** The service's advice. Each sentence is translated as a whole. */
const ADVICE = [
  m(
    'Find out what happened to this attempt. Then send its completed or failed fact, or the retried fact of the attempt that replaced it.',
  ),
  m(
    'It waits for an earlier attempt of the session. Send the outcome of that attempt, or the retried fact that gave it up.',
  ),
];
const NO_PRICE =
  /^It has no price\. Publish a rate card in (\S+) with a price for (\S+), or a default, that is in force at its time\.$/;

function adviceOf(action: string): string {
  const [, currency, provider] = NO_PRICE.exec(action) ?? [];
  if (currency === undefined || provider === undefined) {
    return ADVICE.includes(action) ? t(action) : action;
  }
  return t(
    'It has no price. Publish a rate card in {0} with a price for {1}, or a default, that is in force at its time.',
    currency,
    provider,
  );
}

/**
 * Links to a draft card in the attempt's currency that has the provider and begins when the attempt completed: today's
 * page, because nothing is published in the past.
 */
function PriceIt({ leak }: { readonly leak: Schema<'LeakReport'>['items'][number] }) {
  const [, currency, provider] = NO_PRICE.exec(leak.action) ?? [];
  if (provider === undefined) return null;
  return (
    <a href={hrefTo(['prices'], { provider, currency, from: leak.since, as_of: undefined })}>
      {t('Give it a price')}
    </a>
  );
}

/** Lists usage that is not billed yet, oldest first, and what to do about each attempt. */
export function WaitingPage() {
  const { asOf: as_of } = useRoute();
  const [kind, setKind] = useState<Kind | ''>('');
  const pageAfter = (cursor: string | undefined, limit = 200) => {
    const query = given({ as_of, cursor, limit, kind: kind === '' ? undefined : kind });
    return answerOf(api.GET('/v1/audit/leaks', { params: { query } }));
  };
  const totals = useRead(['waiting', kind], () => pageAfter(undefined, 1));
  const lines = useLines(['waiting-lines', kind, as_of], pageAfter, totals.data?.totals);
  return (
    <>
      <PageHead
        title={t('Waiting')}
        under={t(
          'Usage that is not billed yet, over all months, so that no revenue is lost silently.',
        )}
        actions={
          <Select
            label={t('Kind')}
            isLabelHidden
            value={kind}
            onChange={(value) => setKind(value as Kind | '')}
            options={[
              ['', t('All kinds')],
              ...(Object.keys(KINDS) as Kind[]).map((name) => [name, t(KINDS[name].name)] as const),
            ]}
          />
        }
      />
      <Shown read={totals}>
        {({ totals }) =>
          totals === null || totals.length === 0 ? (
            <Empty>{t('Nothing is waiting. Every attempt is billed, free or failed.')}</Empty>
          ) : (
            <>
              <dl class="figures few">
                {totals.map((one) => (
                  <Figure
                    key={`${one.kind}${one.currency}`}
                    name={t(KINDS[one.kind].name)}
                    value={count(one.count)}
                    before={
                      one.value_at_risk === null
                        ? t(KINDS[one.kind].what)
                        : t(
                            'worth {0} {1}. {2}',
                            one.currency ?? '',
                            roughly(one.value_at_risk),
                            t(KINDS[one.kind].what),
                          )
                    }
                  />
                ))}
              </dl>
              <Panel title={t('Oldest first')}>
                <MoreTable
                  stacks
                  label={t('Waiting attempts')}
                  lines={lines}
                  keyOf={(one) => `${one.session_id}~${one.attempt}`}
                  empty={t('Nothing is waiting.')}
                  columns={[
                    { head: t('Age'), cell: (one) => age(one.age_seconds) },
                    {
                      head: t('Kind'),
                      cell: (one) => (
                        <Chip tone={KINDS[one.kind].tone}>{t(KINDS[one.kind].name)}</Chip>
                      ),
                    },
                    {
                      head: t('Session'),
                      cell: (one) => (
                        <a href={hrefTo(['sessions', one.session_id])}>{one.session_id}</a>
                      ),
                    },
                    {
                      head: t('User'),
                      cell: (one) => (
                        <a href={hrefTo(['users', one.user_id])}>
                          <bdi>{one.user_id}</bdi>
                        </a>
                      ),
                    },
                    {
                      head: t('Worth'),
                      isNumber: true,
                      cell: (one) =>
                        one.value_at_risk === null
                          ? '–'
                          : `${one.currency} ${roughly(one.value_at_risk)}`,
                    },
                    {
                      head: t('What to do'),
                      cell: (one) => (
                        <span class="advice">
                          {adviceOf(one.action)} <PriceIt leak={one} />
                        </span>
                      ),
                    },
                  ]}
                />
              </Panel>
            </>
          )
        }
      </Shown>
    </>
  );
}
