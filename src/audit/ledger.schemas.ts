import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  instant,
  list,
  nullable,
  object,
  position,
  text,
  type Schema,
} from '../http/openapi/schema';
import { LEAK_KINDS, type LeakReport, type LeakTotal, type LeakView } from './leaks';
import type { EventView } from './ledger-events';

const leakKind: Schema = { type: 'string', enum: [...LEAK_KINDS] };

export const LEDGER_EVENT = component(
  'LedgerEvent',
  object<EventView>({
    position,
    index: count,
    stream: text,
    type: text,
    recorded_at: instant,
    event: { type: 'object', description: 'As it is stored.' },
    leaf: { type: 'string', description: 'The text that the Merkle log hashes.' },
  }),
);

export const LEAK_REPORT = component(
  'LeakReport',
  object<LeakReport>({
    items: list(
      object<LeakView>({
        kind: leakKind,
        user_id: text,
        session_id: text,
        attempt: count,
        since: instant,
        age_seconds: count,
        value_at_risk: nullable(decimal),
        currency: nullable(currency),
        action: text,
      }),
    ),
    next_cursor: nullable(text),
    totals: nullable(
      list(
        object<LeakTotal>({
          kind: leakKind,
          currency: nullable(currency),
          count,
          value_at_risk: nullable(decimal),
          without_value: count,
        }),
      ),
    ),
  }),
);
