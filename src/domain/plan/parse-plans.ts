import { RefusedError } from '../errors';
import type { Json, JsonObject } from '../events/facts';
import { readObject } from '../json-object';
import { Decimal, isDecimalText, print } from '../money';
import { pointerTo } from '../pointer';
import { DEFAULT_PLAN, type Plan, type Plans } from './plan';

export const PLAN_FIELDS = [
  'included_minutes',
  'minutes',
  'sessions',
  'file_size_bytes',
  'export_formats',
];
const NAME = /^[a-z0-9._-]{1,64}$/;
const FORMAT = /^[a-z0-9._+-]{1,32}$/;
export const MINUTES_DECIMALS = 9;
export const MAX_FORMATS = 100;

/**
 * Returns a plan's name as it is stored: in lower case. `undefined` if it is not 1 to 64 characters of `a-z 0-9 . _ -`.
 */
function readPlanName(name: string): string | undefined {
  const lower = name.toLowerCase();
  return NAME.test(lower) ? lower : undefined;
}

/**
 * Reads plans by name, in the form of `PLANS_FILE`. Names are lower-cased.
 * @throws RefusedError `invalid_plan` with a JSON pointer to the mistake.
 */
export function parsePlans(raw: Json): Plans {
  const plans = parseNamed(raw, '');
  if (!Object.hasOwn(plans, DEFAULT_PLAN)) {
    fail(
      `/${DEFAULT_PLAN}`,
      `The plan "${DEFAULT_PLAN}" must exist: users without an assignment have it.`,
    );
  }
  return plans;
}

/**
 * Reads draft plans by name. `free` may be missing.
 * @throws RefusedError `invalid_plan` with a JSON pointer to the mistake, which starts with `at`.
 */
export function parseDraftPlans(raw: Json, at: string): Plans {
  return parseNamed(raw, at);
}

function parseNamed(raw: Json, within: string): Plans {
  const plans = new Map<string, Omit<Plan, 'plan'>>();
  for (const [written, plan] of Object.entries(object(raw, within))) {
    const at = pointerTo(within, written);
    const name = readPlanName(written);
    if (name === undefined) fail(at, 'The name of a plan is 1 to 64 characters of a-z 0-9 . _ -');
    if (plans.has(name))
      fail(
        at,
        `There is a second plan "${name}". Names are lower-cased, so they may not differ only in case.`,
      );
    plans.set(name, parsePlan(plan, at));
  }
  return Object.fromEntries(plans);
}

/**
 * Reads a plan. A limit that is left out becomes null, which means no limit.
 * @throws RefusedError `invalid_plan` with a JSON pointer to the mistake.
 */
export function parsePlan(raw: Json, at = ''): Omit<Plan, 'plan'> {
  const plan = object(raw, at, PLAN_FIELDS);
  return {
    included_minutes: minutes(plan['included_minutes'] ?? '0', `${at}/included_minutes`),
    minutes: optional(plan['minutes'], (value) => minutes(value, `${at}/minutes`)),
    sessions: optional(plan['sessions'], (value) => whole(value, `${at}/sessions`)),
    file_size_bytes: optional(plan['file_size_bytes'], (value) =>
      whole(value, `${at}/file_size_bytes`),
    ),
    export_formats: optional(plan['export_formats'], (value) =>
      formats(value, `${at}/export_formats`),
    ),
  };
}

function optional<T>(value: Json | undefined, read: (value: Json) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

function minutes(value: Json, at: string): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !isDecimalText(text, MINUTES_DECIMALS)) {
    fail(
      at,
      `Must be minutes as a decimal such as "120": not negative, at most ${MINUTES_DECIMALS} decimals.`,
    );
  }
  return print(new Decimal(text));
}

function whole(value: Json, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    fail(at, 'Must be a whole number, 0 or more, or null for no limit.');
  }
  return value;
}

/** Returns a format's name as plans store it: in lower case. `undefined` if the text cannot be one. */
export function readFormat(text: string): string | undefined {
  const lower = text.toLowerCase();
  return FORMAT.test(lower) ? lower : undefined;
}

function formats(value: Json, at: string): string[] {
  if (!Array.isArray(value) || value.length > MAX_FORMATS) {
    fail(at, `Must be a list of at most ${MAX_FORMATS} formats, or null for no limit.`);
  }
  const names = (value as Json[]).map((one, index) => {
    const name = typeof one === 'string' ? readFormat(one) : undefined;
    if (name === undefined) fail(`${at}/${index}`, 'Must be the name of a format, such as "txt".');
    return name;
  });
  return [...new Set(names)];
}

function object(raw: Json, at: string, fields?: readonly string[]): JsonObject {
  return readObject(raw, at, fields, fail);
}

function fail(pointer: string, detail: string): never {
  throw new RefusedError({ code: 'invalid_plan', detail, pointer });
}
