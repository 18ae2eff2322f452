import fc from 'fast-check';

import type { LedgerEntry, RawCard, RawPlan } from '../../src/checker/derivation/reference';
import { CATALOGUE } from '../../src/domain/events/catalogue';
import { FACT_TYPES, type FactKind } from '../../src/domain/events/facts';
import { LEDGER_EVENTS, type LedgerEventType } from '../../src/domain/ledger';
import { PLAN_BODY, RATE_CARD_BODY } from '../../src/finance/price-bodies';
import { componentsOf } from '../../src/http/openapi/components';
import { ledgerHistory } from '../generators/histories';

/** The laws hold for what is generated alone. So whatever may be in a ledger has to be, in a few of them. */
const LEDGERS: readonly LedgerEntry[][] = fc.sample(ledgerHistory(), { numRuns: 150, seed: 1 });
const ENTRIES = LEDGERS.flat();

/** No amount depends on these, so no generated ledger has them. */
const ELSEWHERE: readonly LedgerEventType[] = [
  'user.erased', // test/laws/erasures.spec.ts
  'ledger.restored', // test/e2e/restores.spec.ts
  'ledger.continued', // test/e2e/seal-ledger.long.spec.ts
];

const facts = ENTRIES.flatMap((entry) => (entry.type === 'fact' ? [entry.event] : []));
const cards = ENTRIES.flatMap((entry): RawCard[] =>
  entry.type === 'ledger.opened'
    ? entry.rate_cards
    : entry.type === 'rate_card.published'
      ? [entry.card]
      : [],
);

const plans = ENTRIES.flatMap((entry): RawPlan[] =>
  entry.type === 'ledger.opened'
    ? Object.values(entry.plans)
    : entry.type === 'plan.defined'
      ? [entry.definition]
      : [],
);

/** A value and all that is in it, each with its place; entries of lists and of `prices` share one. */
function* placesIn(value: unknown, at = ''): Generator<string> {
  yield at;
  if (typeof value === 'string') yield `${at}=${value}`;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    yield* placesIn(one, Array.isArray(value) || at === '/prices' ? `${at}/*` : `${at}/${name}`);
  }
}

interface Node {
  readonly $ref?: string;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly enum?: readonly string[];
}

/** The same of what a schema allows: fields, and the words of those that hold words. */
function* placesOf(schema: Node, at = ''): Generator<string> {
  yield at;
  for (const word of schema.enum ?? []) yield `${at}=${word}`;
  for (const one of schema.anyOf ?? []) yield* placesOf(one, at);
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    yield* placesOf(one, `${at}/${name}`);
  }
  if (typeof schema.additionalProperties === 'object') {
    yield* placesOf(schema.additionalProperties, `${at}/*`);
  }
  if (schema.items !== undefined) yield* placesOf(schema.items, `${at}/*`);
}

describe('the generated ledgers', () => {
  it('have every event that the ledger itself writes', () => {
    const made = new Set<string>(ENTRIES.map(({ type }) => type));
    const wanted = Object.values(LEDGER_EVENTS).filter((type) => !ELSEWHERE.includes(type));
    expect(wanted.filter((type) => !made.has(type))).toEqual([]);
  });

  it.each(Object.keys(FACT_TYPES) as FactKind[])('have every field of %s', (kind) => {
    const of = facts.filter(({ type }) => type === FACT_TYPES[kind]);
    const made = new Set(
      of.flatMap(({ data }) => Object.keys(data).filter((name) => data[name] !== null)),
    );
    const wanted = CATALOGUE[kind].fields.map(([name]) => name);
    expect(wanted.filter((name) => !made.has(name))).toEqual([]);
  });

  it('have every field of a rate card, and every word that one may hold', () => {
    const made = new Set(cards.flatMap((card) => [...placesIn(card)]));
    const card = componentsOf(RATE_CARD_BODY)['RateCardBody'] as Node;
    const wanted = [...new Set(placesOf(card))];
    expect(wanted).toContain('/surcharges/low_confidence');
    expect(wanted).toContain('/prices/*/tiers/*/flat_amount');
    expect(wanted).toContain('/prices/*/channels=pairs');
    expect(wanted.filter((place) => !made.has(place))).toEqual([]);
  });

  it('have every field of a plan', () => {
    const made = new Set(plans.flatMap((plan) => [...placesIn(plan)]));
    const wanted = [...new Set(placesOf(componentsOf(PLAN_BODY)['PlanBody'] as Node))];
    expect(wanted).toContain('/included_minutes');
    expect(wanted.filter((place) => !made.has(place))).toEqual([]);
  });
});
