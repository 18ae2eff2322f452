import { answerOf } from './answer';
import { api } from './client';
import { useRead } from './use-read';

/** The months with usage and the closed ones, as finance sees them. */
export const usePeriods = () =>
  useRead(['periods'], async () => {
    const query = { limit: 500 };
    return (await answerOf(api.GET('/v1/billing-periods', { params: { query } }))).items;
  });
