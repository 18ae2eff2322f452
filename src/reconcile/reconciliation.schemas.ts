import { bodySchema } from '../http/fields/field';
import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  instant,
  list,
  nullable,
  object,
  period,
  position,
  text,
  whole,
  type Schema,
} from '../http/openapi/schema';
import type { Amount, DayTotal, KindTotal, ReconciliationResult } from './add-up';
import {
  KINDS,
  MATCHED_BY,
  ReconciliationBody,
  type MatchedBy,
  type ReconciliationRequest,
} from './asked';
import type { ItemView } from './items';

const number: Schema = {
  anyOf: [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: '^\\d+(\\.\\d+)?([eE][+-]?\\d{1,3})?$' },
  ],
};
const total = object<KindTotal>({
  count,
  seconds: decimal,
  cost: { ...nullable(decimal), description: 'In one currency; null in none or several.' },
});
const amounts = list(object<Amount>({ currency, cost: decimal }));
const sides = {
  vendor_seconds: decimal,
  ledger_seconds: decimal,
  vendor_cost: amounts,
  billed_cost: amounts,
  margin: { ...amounts, description: "What was billed minus the vendor's cost." },
} satisfies Record<string, Schema>;
const kind: Schema = {
  type: 'string',
  enum: [...KINDS],
};
const by: Schema = { type: 'string', enum: [...MATCHED_BY] };

const result = {
  matched: total,
  only_vendor: total,
  only_ledger: total,
  duration_differs: total,
  repeated: total,
  matched_by: object<Record<MatchedBy, number>>({
    id: count,
    session: count,
    day_and_duration: count,
  }),
  vendor_lines: count,
  ledger_logs: count,
  ...sides,
  by_day: list(
    object<DayTotal>({
      day: nullable({ type: 'string', format: 'date' }),
      vendor_count: count,
      ledger_count: count,
      ...sides,
    }),
  ),
  position,
} satisfies Readonly<Record<keyof ReconciliationResult | 'position', Schema>>;

const VENDOR_LINE = component(
  'VendorLine',
  object(
    {
      request_id: nullable(text),
      session_id: nullable(text),
      started_at: nullable({ type: 'string', format: 'date-time' }),
      duration_seconds: number,
      cost: nullable(number),
      currency: nullable(currency),
    },
    ['request_id', 'session_id', 'started_at', 'cost', 'currency'],
  ),
);

/** The list in JSON, with the parameters beside it: in our own form, Deepgram's or AssemblyAI's. */
export const RECONCILIATION_BODY = component('ReconciliationBody', {
  anyOf: [
    bodySchema(ReconciliationBody, { lines: list(VENDOR_LINE) }),
    asVendorsWrite('requests'),
    asVendorsWrite('transcripts'),
  ],
});

/** A list that a vendor's API answered. Vendors have further fields, in it and beside it. */
function asVendorsWrite(name: string): Schema {
  const shape = bodySchema(ReconciliationBody, {
    [name]: list({ type: 'object', additionalProperties: true }),
  });
  return { ...shape, additionalProperties: true, not: { required: ['lines'] } };
}

export const RECONCILIATION = component(
  'Reconciliation',
  object({
    id: text,
    status: { type: 'string', enum: ['queued', 'running', 'done', 'failed'] },
    request: object<ReconciliationRequest>({
      provider: text,
      period,
      match: text,
      tolerance_seconds: text,
    }),
    created_at: instant,
    started_at: nullable(instant),
    finished_at: nullable(instant),
    progress: nullable(object({ logs: count })),
    error: nullable(object({ code: text, detail: text })),
    ...Object.fromEntries(Object.entries(result).map(([name, one]) => [name, nullable(one)])),
    items_url: text,
  }),
);

export const RECONCILIATION_ITEM = component(
  'ReconciliationItem',
  object<ItemView>({
    kind,
    matched_by: nullable(by),
    request_id: nullable(text),
    session_id: nullable(text),
    started_at: nullable(instant),
    duration_seconds: nullable(decimal),
    cost: nullable(decimal),
    currency: nullable(currency),
    usage_log_id: nullable(text),
    attempt: nullable(count),
    user_id: nullable(text),
    completed_at: nullable(instant),
    ledger_seconds: nullable(decimal),
    billed_cost: nullable(decimal),
    billed_cost_cents: nullable(whole),
    billed_currency: nullable(currency),
  }),
);
