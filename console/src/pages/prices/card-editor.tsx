import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { useStartedJob } from '../../api/use-started-job';
import { once } from '../../api/write';
import { instant, listed } from '../../format';
import { Act, Written } from '../../parts/act';
import { Area } from '../../parts/field';
import { Panel } from '../../parts/panel';
import { Problem } from '../../parts/state';
import { useRoute } from '../../route';
import { CardTrial } from './card-trial';
import { draftFor, draftOf } from './draft';
import { Rehearsed } from './rehearsed';
import { t, tx } from '../../i18n/language';

type Card = Schema<'RateCardBody'>;

/**
 * Edits a new card as JSON, starting from the newest one: tries it on real months, then publishes it.
 * @param cards in ledger order.
 */
export function CardEditor({ cards }: { readonly cards: readonly Schema<'RateCard'>[] }) {
  const zone = useZone();
  const { query } = useRoute();
  const provider = query.get('provider');
  const [text, setText] = useState(() => {
    const [currency, from] = [query.get('currency'), query.get('from')];
    const begun =
      provider === null ? draftOf(cards.at(-1)) : draftFor({ provider, currency, from }, cards);
    return JSON.stringify(begun, undefined, 2);
  });
  const card = readCard(text);
  const { job, refused, isStarting, start } = useRehearsal(card);
  return (
    <Panel
      title={t('A new card')}
      note={
        provider === null
          ? t('Begins as a copy of the newest card. Nothing is written until you publish it.')
          : t(
              'Begins as a copy of the card in force when the attempt completed. Nothing is written until you publish it.',
            )
      }
    >
      <div class="panel-body">
        {provider !== null && (
          <p class="notice">
            {tx(
              'The draft has an entry for {0} and begins when the waiting attempt completed. Enter its amount, check what a session would cost, and publish it.',
              <strong>{provider}</strong>,
            )}
          </p>
        )}
        <Area
          label={t('The card')}
          rows={18}
          value={text}
          onInput={setText}
          hint={
            card === undefined
              ? t('This is not the JSON of a card yet.')
              : t(
                  'Without effective_from, it applies from now on. It may begin earlier only if it adds nothing but a price for a provider that had none.',
                )
          }
        />
        {card !== undefined && <CardTrial draft={card} provider={provider ?? 'google'} />}
        <div class="form-row">
          <button
            class="button"
            type="button"
            disabled={card === undefined || isStarting}
            onClick={() => void start()}
          >
            {t('Try it on all months')}
          </button>
          <Act
            button={t('Publish…')}
            buttonKind="primary"
            title={t('Publish a rate card')}
            confirm={t('Publish the card')}
            body={card}
            write={(body, key) =>
              answerOf(api.POST('/v1/rate-cards', { params: { header: once(key) }, body }))
            }
            done={(published) => (
              <>
                {tx(
                  '{0} It applies to {1} from {2} ({3}). Its id is {4}.',
                  <strong>{t('Published.')}</strong>,
                  published.currency,
                  instant(published.effective_from, zone),
                  zone,
                  <code>{published.rate_card_id}</code>,
                )}
              </>
            )}
            form={<p>{t('The next step shows what will be written.')}</p>}
            review={(body) => (
              <Written
                rows={[
                  [t('Currency'), body.currency],
                  [t('From'), body.effective_from ?? t('now')],
                  [t('Prices'), listed(Object.keys(body.prices))],
                  [t('The card'), <pre key="card">{JSON.stringify(body, undefined, 2)}</pre>],
                ]}
              />
            )}
          />
        </div>
        {refused !== undefined && <Problem refused={refused} />}
        {job !== undefined && <Rehearsed key={job} id={job} />}
      </div>
    </Panel>
  );
}

/** Tries a card on all months, whatever its date. */
function useRehearsal(card: Card | undefined) {
  const draft = card === undefined ? undefined : { ...card, effective_from: undefined };
  return useStartedJob(JSON.stringify(draft ?? null), async () => {
    const body = { rate_cards: [draft!] };
    return (await answerOf(api.POST('/v1/audit/rehearsals', { body }))).id;
  });
}

/** Reads JSON that looks like a card. What is wrong with the card itself, the service says. */
function readCard(text: string): Card | undefined {
  try {
    const value = JSON.parse(text) as Card | null;
    const isCard = typeof value === 'object' && value !== null && typeof value.prices === 'object';
    return isCard ? value : undefined;
  } catch {
    return undefined;
  }
}
