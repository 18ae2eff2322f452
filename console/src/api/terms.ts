import { allPages } from './all-pages';
import { answerOf } from './answer';
import { api } from './client';
import { given } from './query';

/** The most rate cards, or plans, that a page reads. */
const MOST = 5_000;

/** Reads all rate cards in ledger order: the one in force is among the last. */
export const allCards = (as_of: string | undefined) =>
  allPages(
    (cursor) =>
      answerOf(
        api.GET('/v1/rate-cards', { params: { query: given({ cursor, limit: 500, as_of }) } }),
      ),
    MOST,
  );

/** Reads all plans. */
export const allPlans = (as_of: string | undefined) =>
  allPages(
    (cursor) =>
      answerOf(api.GET('/v1/plans', { params: { query: given({ cursor, limit: 500, as_of }) } })),
    MOST,
  );
