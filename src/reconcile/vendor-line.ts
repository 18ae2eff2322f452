import { CURRENCY, Decimal, print } from '../domain/money';
import { parseInstant } from '../domain/time';
import { pointerTo } from '../domain/pointer';
import { Problem } from '../http/problem';
import { NANO } from './nanoseconds';

/** A line of a vendor's list of requests. Durations are whole nanoseconds, costs decimal strings. */
export interface VendorLine {
  readonly request_id: string | null;
  readonly session_id: string | null;
  readonly started_at: number | null;
  /** The duration in nanoseconds; `null` if the vendor's list has none. */
  readonly ns: number | null;
  readonly cost: string | null;
  readonly currency: string | null;
}

export const LINE_FIELDS = [
  'request_id',
  'session_id',
  'started_at',
  'duration_seconds',
  'cost',
  'currency',
] as const;

/** The maximum duration in seconds. JavaScript can't represent more nanoseconds exactly. */
const MOST_SECONDS = 9_000_000;
const MOST_COST = 1e15;
const MOST_PLACES = 20;
const LONGEST_TEXT = 512;
const LONGEST_NUMBER = 40;

/**
 * Reads a line. An empty text counts as absent.
 * @param pointer of the line, for error messages.
 * @throws Problem with a pointer.
 */
export function readLine(raw: unknown, pointer: string, { needsDuration = true } = {}): VendorLine {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new Problem('invalid_field', 'A line must be a JSON object.', { pointer });
  }
  const line = raw as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(line)) {
    if ((LINE_FIELDS as readonly string[]).includes(name)) continue;
    const detail = `A line may have only ${LINE_FIELDS.join(', ')}.`;
    throw new Problem('unknown_field', detail, { pointer: pointerTo(pointer, name) });
  }
  const at = (name: string) => pointerTo(pointer, name);
  const duration = given(line['duration_seconds']);
  if (duration === null && needsDuration) {
    throw new Problem('missing_field', 'duration_seconds is required.', {
      pointer: at('duration_seconds'),
    });
  }
  return {
    request_id: readText(line['request_id'], at('request_id')),
    session_id: readText(line['session_id'], at('session_id')),
    started_at: readInstant(line['started_at'], at('started_at')),
    ns: duration === null ? null : nanoseconds(duration, at('duration_seconds')),
    cost: readCost(line['cost'], at('cost')),
    currency: readCurrency(line['currency'], at('currency')),
  };
}

function given(value: unknown): unknown {
  return value === undefined || value === '' ? null : value;
}

function readText(raw: unknown, pointer: string): string | null {
  const value = given(raw);
  if (value === null) return null;
  if (typeof value !== 'string' || value.length > LONGEST_TEXT || value.includes('\0')) {
    throw wrong(`must be a string of at most ${LONGEST_TEXT} characters, without NUL`, pointer);
  }
  // The replacement character stands for bytes that are not UTF-8, so two different ids could become equal.
  if (value.includes('\uFFFD') || !value.isWellFormed()) throw wrong('is not UTF-8', pointer);
  return value;
}

function readInstant(raw: unknown, pointer: string): number | null {
  const value = given(raw);
  if (value === null) return null;
  const at = typeof value === 'string' ? parseInstant(value) : undefined;
  if (at === undefined) throw wrong('must be RFC 3339 with an offset', pointer);
  return at;
}

/** Reads seconds as whole nanoseconds. Further digits are rounded half-even. */
function nanoseconds(value: unknown, pointer: string): number {
  const seconds = readDecimal(value);
  if (seconds === undefined || seconds.gt(MOST_SECONDS)) {
    throw wrong(`must be a number or decimal string from 0 to ${MOST_SECONDS}`, pointer);
  }
  return seconds.times(NANO).toDecimalPlaces(0).toNumber();
}

function readCost(raw: unknown, pointer: string): string | null {
  const value = given(raw);
  if (value === null) return null;
  const cost = readDecimal(value);
  if (cost === undefined || cost.gt(MOST_COST) || cost.decimalPlaces() > MOST_PLACES) {
    const most = `up to ${MOST_COST} and with at most ${MOST_PLACES} places`;
    throw wrong(`must be a number or decimal string from 0, ${most}`, pointer);
  }
  return print(cost);
}

function readCurrency(raw: unknown, pointer: string): string | null {
  const value = given(raw);
  if (value === null) return null;
  if (typeof value === 'string' && CURRENCY.test(value)) return value;
  throw wrong('must be three capital letters', pointer);
}

function readDecimal(value: unknown): Decimal | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > LONGEST_NUMBER) return undefined;
  return /^\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) ? new Decimal(text) : undefined;
}

function wrong(what: string, pointer: string): Problem {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  return new Problem('invalid_field', `${name} ${what}.`, { pointer });
}
