/**
 * Histories that a ledger could have: facts that do not contradict one another (docs/reference/laws.md#law-1), the ways
 * in which they may be delivered, cards, and whole ledgers. They crowd around the boundaries: month ends, five seconds,
 * tier bounds, the same instant.
 */
export {
  delivery,
  factHistory,
  type FactOptions,
  FIRST,
  LAST,
  NOW,
  PROVIDERS,
  restate,
  writeTime,
} from './facts';
export { ledgerHistory, type LedgerOptions } from './ledgers';
export { type CardOptions, rateCard } from './rate-cards';
