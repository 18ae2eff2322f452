import type { Schema } from '../../api/client';
import { momentOf } from '../../api/moment';
import { useZone } from '../../api/person';
import { allCards, allPlans } from '../../api/terms';
import { useRead } from '../../api/use-read';
import { bytes, count, decimal, instant, listed, seconds, words } from '../../format';
import { Chip } from '../../parts/chip';
import { PageHead, Panel } from '../../parts/panel';
import { CutOff, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { useRoute } from '../../route';
import { DefaultPlanButton, DefinePlanButton } from '../acts/plans';
import { CardEditor } from './card-editor';
import { inForce } from './draft';
import { t, tx } from '../../i18n/language';

type Card = Schema<'RateCard'>;

/** The rate cards in time order, the plans, and an editor to try and publish a new card. */
export function PricesPage() {
  const { asOf: as_of } = useRoute();
  const read = useRead(['prices'], async () => {
    const [cards, plans] = await Promise.all([allCards(as_of), allPlans(as_of)]);
    return { cards, plans, now: await momentOf(as_of) };
  });
  const mayWrite = as_of === undefined;
  return (
    <>
      <PageHead
        title={t('Prices and plans')}
        under={t(
          'Cards and plans never change. A new one replaces an old one from a given moment.',
        )}
      />
      <Shown read={read}>
        {({ cards, plans, now }) => (
          <>
            {[...new Set(cards.items.map(({ currency }) => currency))].map((name) => (
              <TimeLine
                key={name}
                currency={name}
                cards={cards.items.filter(({ currency }) => currency === name)}
                now={now}
              />
            ))}
            <CutOff of={cards} />
            <Panel
              title={t('Plans')}
              actions={
                mayWrite && (
                  <>
                    <DefaultPlanButton plans={plans.items.map(({ plan }) => plan)} />
                    <DefinePlanButton />
                  </>
                )
              }
            >
              <Plans plans={plans.items} />
              <CutOff of={plans} />
            </Panel>
            {mayWrite && <CardEditor cards={cards.items} />}
          </>
        )}
      </Shown>
    </>
  );
}

/** Shows which of a currency’s cards applies when. Of cards with the same start, the later one in ledger order wins. */
function TimeLine({
  currency,
  cards,
  now,
}: {
  readonly currency: string;
  readonly cards: readonly Card[];
  /** The moment that the page shows, in milliseconds since 1970. */
  readonly now: number;
}) {
  const zone = useZone();
  const inOrder = cards
    .map((card, order) => ({ card, order }))
    .sort(
      (a, b) =>
        Date.parse(a.card.effective_from) - Date.parse(b.card.effective_from) || a.order - b.order,
    )
    .map(({ card }) => card);
  const current = inForce(cards, now);
  const stateOf = (card: Card, index: number) => {
    if (card === current) return <Chip tone="good">{t('in force')}</Chip>;
    if (Date.parse(card.effective_from) > now) return <Chip tone="accent">{t('announced')}</Chip>;
    return inOrder[index + 1]?.effective_from === card.effective_from ? (
      <Chip>{t('replaced at once')}</Chip>
    ) : (
      <Chip>{t('over')}</Chip>
    );
  };
  return (
    <Panel title={t('Rate cards, {0}', currency)} note={t('Newest first')}>
      <ol class="events">
        {inOrder
          .map((card, index) => (
            <li key={card.rate_card_id}>
              <details open={card === current}>
                <summary>
                  {tx(
                    'From {0} {1} {2}',
                    <strong>{instant(card.effective_from, zone)}</strong>,
                    stateOf(card, index),
                    <span class="quiet">
                      {tx(
                        '{0} {0|price|prices}, cents rounded {1}',
                        Object.keys(card.prices).length,
                        words(card.rounding),
                      )}
                    </span>,
                  )}
                </summary>
                <CardTable card={card} />
              </details>
            </li>
          ))
          .reverse()}
      </ol>
    </Panel>
  );
}

type Tier = NonNullable<Card['prices'][string]['tiers']>[number];

/** Writes a tier as a price list does: its price, and its upper end. */
function tierText(tier: Tier, perSeconds: string): string {
  const price = t('{0} per {1} s', decimal(tier.amount), decimal(perSeconds));
  return tier.up_to_minutes === null
    ? t('{0} above', price)
    : t('{0} up to {1} min', price, decimal(tier.up_to_minutes));
}

function CardTable({ card }: { readonly card: Card }) {
  const entries = Object.entries(card.prices);
  return (
    <>
      <Table
        label={t('Prices of the card {0}', card.rate_card_id)}
        rows={entries}
        keyOf={([name]) => name}
        columns={[
          { head: t('Provider'), cell: ([name]) => name },
          {
            head: t('Price'),
            isNumber: true,
            cell: ([, price]) =>
              price.tiers === undefined
                ? t('{0} per {1} s', decimal(price.amount ?? '0'), decimal(price.per_seconds))
                : [
                    ...price.tiers.map((tier) => tierText(tier, price.per_seconds)),
                    words(price.tier_mode ?? ''),
                  ].map((line) => <div key={line}>{line}</div>),
          },
          {
            head: t('Minimum'),
            cell: ([, price]) => seconds(price.minimum_seconds),
            isNumber: true,
          },
          {
            head: t('Increment'),
            cell: ([, price]) =>
              listed([seconds(price.increment_seconds), words(price.increment_rounding)]),
            isNumber: true,
          },
          { head: t('Channels'), cell: ([, price]) => words(price.channels), isMinor: true },
        ]}
      />
      <details class="quiet">
        <summary>{t('The whole card')}</summary>
        <pre tabIndex={0}>{JSON.stringify(card, undefined, 2)}</pre>
      </details>
    </>
  );
}

function Plans({ plans }: { readonly plans: readonly Schema<'Plan'>[] }) {
  return (
    <Table
      label={t('Plans')}
      rows={plans}
      keyOf={({ plan }) => plan}
      columns={[
        { head: t('Plan'), cell: ({ plan }) => plan },
        {
          head: t('Included minutes'),
          cell: (one) => decimal(one.included_minutes),
          isNumber: true,
        },
        {
          head: t('Minutes'),
          cell: (one) => (one.minutes === null ? t('no limit') : decimal(one.minutes)),
          isNumber: true,
        },
        {
          head: t('Sessions'),
          cell: (one) => (one.sessions === null ? t('no limit') : count(one.sessions)),
          isNumber: true,
        },
        {
          head: t('Largest file'),
          cell: (one) =>
            one.file_size_bytes === null ? t('no limit') : bytes(one.file_size_bytes),
          isNumber: true,
          isMinor: true,
        },
        {
          head: t('Formats'),
          cell: (one) => (one.export_formats === null ? t('all') : listed(one.export_formats)),
          isMinor: true,
        },
      ]}
    />
  );
}
