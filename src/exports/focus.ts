import { priceEntryName } from '../domain/rating/rate-card';
import { Decimal, print } from '../domain/money';
import type { PriceEntry } from '../domain/rating/price-entry';
import type { AdjustmentView, UsageLogView } from '../read-model/views';
import { csvLines } from '../http/csv';
import { exportPages, type ExportRow, type ExportSource } from './rows';

/**
 * The columns, in alphabetical order as FOCUS 1.2 lists them: all mandatory ones, and the optional ones that the ledger
 * can fill. Our own come last, and begin with `x_`.
 */
const FOCUS_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'SkuPriceId',
  'x_RecordId',
  'x_SessionId',
  'x_Attempt',
  'x_ClientId',
  'x_TranscriptionType',
  'x_BillingReason',
  'x_BillableMinutes',
  'x_IncludedSeconds',
  'x_UnroundedCost',
  'x_UsagePeriod',
  'x_Late',
  'x_Plan',
  'x_RateCardId',
  'x_Reference',
  'x_Voids',
] as const;

type FocusRow = Readonly<Record<(typeof FOCUS_COLUMNS)[number], string | null>>;
type Column = (typeof FOCUS_COLUMNS)[number];

const SECOND_MS = 1_000;
/** How many decimals of a quotient to print if its decimals do not end. */
const QUOTIENT_DECIMALS = 18;

/**
 * Writes FOCUS 1.2 (FinOps Open Cost and Usage Specification) as CSV: one row for each log or adjustment. Null is an
 * empty cell.
 */
export async function* writeFocus(source: ExportSource): AsyncGenerator<string> {
  yield csvLines([FOCUS_COLUMNS]);
  for await (const page of exportPages(source)) {
    const rows: FocusRow[] = [];
    for (const row of page) rows.push(await focusRow(row, source));
    yield csvLines(rows.map((row) => FOCUS_COLUMNS.map((column) => row[column])));
  }
}

async function focusRow(row: ExportRow, source: ExportSource): Promise<FocusRow> {
  const own =
    row.record === 'usage_log'
      ? usageColumns(row.log, source)
      : await adjustmentColumns(row.adjustment, source);
  const { from, to } = source.terms.range(source.period);
  const shared = {
    BillingPeriodStart: printSecond(from),
    BillingPeriodEnd: printSecond(to),
    InvoiceIssuerName: source.issuer,
    ProviderName: source.issuer,
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: 'Speech-to-text transcription',
    ServiceSubcategory: 'Natural Language Processing',
  };
  const empty = Object.fromEntries(FOCUS_COLUMNS.map((column) => [column, null])) as FocusRow;
  return { ...empty, ...shared, ...own };
}

function usageColumns(log: UsageLogView, source: ExportSource): Partial<Record<Column, string>> {
  const cost = centsAsAmount(log.cost_cents);
  const price = listPrice(log, source);
  const completed = Math.floor(Date.parse(log.completed_at) / SECOND_MS) * SECOND_MS;
  const of = log.attempt === 1 ? '' : `, attempt ${log.attempt}`;
  return withoutNulls({
    BilledCost: cost,
    EffectiveCost: cost,
    BillingAccountId: log.user_id,
    BillingCurrency: log.currency,
    ChargeCategory: 'Usage',
    ChargeFrequency: 'Usage-Based',
    ChargeDescription: `Transcription by ${log.stt_provider} of session ${log.session_id}${of}`,
    ChargePeriodStart: printSecond(completed),
    ChargePeriodEnd: printSecond(completed + SECOND_MS),
    ConsumedQuantity: log.duration_seconds,
    ConsumedUnit: 'Seconds',
    PricingCategory: 'Standard',
    PublisherName: log.stt_provider,
    SkuMeter: 'Audio Duration',
    ...price,
    // The ledger knows no negotiated prices, so the list price stands here, as FOCUS demands.
    ContractedCost: price.ListCost,
    x_RecordId: log.id,
    x_SessionId: log.session_id,
    x_Attempt: String(log.attempt),
    x_ClientId: log.client_id,
    x_TranscriptionType: log.transcription_type,
    x_BillingReason: log.billing_reason,
    x_BillableMinutes: log.billable_minutes,
    x_IncludedSeconds: log.included_seconds,
    x_UnroundedCost: log.cost,
    x_UsagePeriod: log.usage_period,
    x_Late: String(log.late),
    x_Plan: log.plan,
    x_RateCardId: log.rate_card_id,
  });
}

/**
 * Returns the cost of the billed seconds at the first tier's price, without allowance or surcharge. FOCUS demands that
 * unit price times quantity equals the cost, as printed. So the cost is that product, in full. Only one factor may be
 * rounded: the price of a second, if its decimals do not end.
 */
function listPrice(log: UsageLogView, { terms }: ExportSource) {
  const billed = new Decimal(log.billed_seconds);
  const card = log.rate_card_id === null ? undefined : terms.cardById(log.rate_card_id);
  const name = card && priceEntryName(card, log.stt_provider);
  if (card === undefined || name === undefined) {
    // Only a log that is not billed has no price, and its quantity is 0.
    const unpriced = { ListCost: '0', ListUnitPrice: '0', PricingQuantity: '0' };
    const sku = log.stt_provider;
    return { ...unpriced, PricingUnit: 'Seconds', SkuId: sku, SkuPriceId: sku };
  }
  const entry = card.prices[name]!;
  const { price, quantity, unit } = pricingOf(entry, billed);
  return {
    ListCost: print(price.times(quantity)),
    ListUnitPrice: print(price),
    PricingQuantity: print(quantity),
    PricingUnit: unit,
    SkuId: name,
    SkuPriceId: `${card.rate_card_id}/${name}`,
  };
}

/**
 * Returns price, quantity and unit. The unit is that of the entry's `per_seconds`, if every quantity that the entry's
 * increments lead to has a finite decimal form in that unit; otherwise seconds. It depends only on the entry, so all
 * rows of one price have the same unit.
 */
function pricingOf(
  entry: PriceEntry,
  billed: Decimal,
): { readonly price: Decimal; readonly quantity: Decimal; readonly unit: string } {
  const amount = new Decimal(firstAmount(entry));
  const unit = unitOf(entry.per_seconds);
  const hasEnd = [entry.increment_seconds, entry.minimum_seconds].every(
    (seconds) => exactQuotient(new Decimal(seconds), entry.per_seconds) !== undefined,
  );
  const quantity =
    unit === undefined || !hasEnd ? undefined : exactQuotient(billed, entry.per_seconds);
  if (unit !== undefined && quantity !== undefined) return { price: amount, quantity, unit };
  return { price: quotient(amount, entry.per_seconds), quantity: billed, unit: 'Seconds' };
}

function firstAmount(entry: PriceEntry): string {
  return entry.tiers === undefined ? entry.amount! : entry.tiers[0]!.amount;
}

/**
 * Returns the unit of a published price; `undefined` if it is a fraction of a second, because FOCUS has only whole
 * numbers.
 */
function unitOf(perSeconds: string): string | undefined {
  const known: Readonly<Record<string, string>> = { 1: 'Seconds', 60: 'Minutes', 3600: 'Hours' };
  return known[perSeconds] ?? (/^\d+$/.test(perSeconds) ? `${perSeconds} Seconds` : undefined);
}

function quotient(value: Decimal, divisor: string): Decimal {
  return value.div(divisor).toDecimalPlaces(QUOTIENT_DECIMALS);
}

/** Returns the quotient, if its decimals end and can be printed. */
function exactQuotient(value: Decimal, divisor: string): Decimal | undefined {
  const rounded = quotient(value, divisor);
  return rounded.times(divisor).equals(value) ? rounded : undefined;
}

/**
 * Returns an adjustment's columns. It covers its whole period or, if it voids another adjustment, the period of that
 * one.
 */
async function adjustmentColumns(
  adjustment: AdjustmentView,
  { snapshot, terms, period, issuer }: ExportSource,
): Promise<Partial<Record<Column, string>>> {
  const amount = centsAsAmount(adjustment.amount_cents);
  const voided =
    adjustment.voids === null ? undefined : await snapshot.adjustment(adjustment.voids);
  const of = voided?.billing_period ?? period;
  const charged = terms.range(of);
  return withoutNulls({
    BilledCost: amount,
    EffectiveCost: amount,
    ContractedCost: amount,
    ListCost: amount,
    BillingAccountId: adjustment.user_id,
    BillingCurrency: adjustment.currency,
    ChargeCategory: adjustment.amount_cents < 0 ? 'Credit' : 'Adjustment',
    ChargeClass: of < period ? 'Correction' : null,
    ChargeFrequency: 'One-Time',
    ChargeDescription: adjustment.reason,
    ChargePeriodStart: printSecond(charged.from),
    ChargePeriodEnd: printSecond(charged.to),
    PublisherName: issuer,
    x_RecordId: adjustment.id,
    x_UsagePeriod: adjustment.period,
    x_Reference: adjustment.reference,
    x_Voids: adjustment.voids,
  });
}

/** Returns cents / 100, exactly. */
function centsAsAmount(cents: number): string {
  return print(new Decimal(cents).div(100));
}

/** Prints an instant as FOCUS wants it, `YYYY-MM-DDTHH:mm:ssZ`. Drops further digits. */
function printSecond(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}

function withoutNulls<K extends string>(
  columns: Readonly<Record<K, string | null>>,
): Partial<Record<K, string>> {
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== null),
  ) as Partial<Record<K, string>>;
}
