import { useRoute } from '../route';
import { answerOf } from './answer';
import { api } from './client';
import { given } from './query';
import { useRead } from './use-read';

/** Reads the months that have usage or are closed, up to 500, at the moment that the page shows. Finance only. */
export function usePeriods() {
  const { asOf: as_of } = useRoute();
  return useRead(['periods'], async () => {
    const query = given({ limit: 500, as_of });
    return (await answerOf(api.GET('/v1/billing-periods', { params: { query } }))).items;
  });
}
