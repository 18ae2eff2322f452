import { answerOf } from './answer';
import { api } from './client';
import { useRead } from './use-read';

/** Reads the months that have usage or are closed, up to 500. Finance only. */
export const usePeriods = () =>
  useRead(['periods'], async () => {
    const query = { limit: 500 };
    return (await answerOf(api.GET('/v1/billing-periods', { params: { query } }))).items;
  });
