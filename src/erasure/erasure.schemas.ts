import { component } from '../http/openapi/components';
import { instant, object, position, text, count } from '../http/openapi/schema';
import type { ErasureAnswer } from './erase-user';

export const ERASURE = component(
  'Erasure',
  object<ErasureAnswer['body']>({
    user_id: text,
    erased_at: instant,
    position,
    unsealed_events: {
      ...count,
      description:
        "Events of the user that were stored before personal values were sealed: they stay readable in the ledger's own text.",
    },
  }),
);
