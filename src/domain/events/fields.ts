import type { Json, JsonObject } from './facts';

/** Returns the normalised value, or what the value must be. */
type FieldCheck = (value: Json) => { ok: Json } | { must: string };

/** A field of an event's data: what it may hold, and its JSON schema for the API's description. */
export interface Field {
  readonly check: FieldCheck;
  readonly schema: JsonObject;
  /** Whether the field is stored apart, so that it can be erased. */
  readonly personal?: true;
}

const ID = /^[A-Za-z0-9._:@-]{1,128}$/;
const PROVIDER = /^[a-z0-9._-]{1,64}$/;
const DECIMAL = /^(0|[1-9][0-9]*)(\.[0-9]{1,9})?$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// eslint-disable-next-line no-control-regex
const CONTROL_BUT_BREAKS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

const METADATA_BYTES = 16 * 1024;

/** An opaque id: 1 to 128 characters of `A-Z a-z 0-9 . _ : @ -`, but not `.` or `..`. */
export const idField: Field = {
  check: (value) =>
    typeof value === 'string' && ID.test(value) && value !== '.' && value !== '..'
      ? { ok: value }
      : { must: 'be 1 to 128 characters of A-Z a-z 0-9 . _ : @ - (but not "." or "..")' },
  schema: { type: 'string', pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$' },
};

/** A provider's or plan's name, lower-cased on arrival. */
export const providerField: Field = {
  check: (value) => {
    const name = typeof value === 'string' ? value.toLowerCase() : '';
    return PROVIDER.test(name) ? { ok: name } : { must: 'be 1 to 64 characters of a-z 0-9 . _ -' };
  },
  // The Kelvin sign lower-cases to k.
  schema: { type: 'string', pattern: '^[A-Za-z\\u212a0-9._-]{1,64}$' },
};

export function wholeField(minimum: number, maximum: number): Field {
  return {
    check: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
        ? { ok: value + 0 } // -0 becomes 0
        : { must: `be a whole number from ${minimum} to ${maximum}` },
    schema: { type: 'integer', minimum, maximum },
  };
}

export const confidenceField: Field = {
  check: (value) =>
    typeof value === 'number' && value >= 0 && value <= 1
      ? { ok: value + 0 }
      : { must: 'be a number from 0 to 1' },
  schema: { type: 'number', minimum: 0, maximum: 1 },
};

export const booleanField: Field = {
  check: (value) => (typeof value === 'boolean' ? { ok: value } : { must: 'be true or false' }),
  schema: { type: 'boolean' },
};

/** Seconds, sent as a number or a decimal string and kept as a decimal string without trailing zeros. */
export function secondsField(maximum: number): Field {
  return {
    check: (value) => {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text === 'string' && text.length <= 32 && DECIMAL.test(text)) {
        const normal = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
        if (atMost(normal, maximum)) return { ok: normal };
      }
      return {
        must: `be seconds from 0 to ${maximum} with at most 9 decimals, as a number or a decimal string`,
      };
    },
    schema: {
      oneOf: [
        { type: 'number', minimum: 0, maximum },
        { type: 'string', pattern: upTo(maximum) },
      ],
      description: 'Seconds with at most 9 decimals, also if sent as a number. A string is exact.',
    },
  };
}

/** The pattern of the decimals from 0 to a whole number. For 36000 it matches 0.5 and 36000.0, but not 36000.1. */
function upTo(maximum: number): string {
  const digits = String(maximum);
  const more = (places: number) => (places === 0 ? '' : `[0-9]{${places}}`);
  const smaller = [...digits].flatMap((digit, index) => {
    const least = index === 0 ? 1 : 0;
    const rest = more(digits.length - index - 1);
    return Number(digit) > least
      ? [`${digits.slice(0, index)}[${least}-${Number(digit) - 1}]${rest}`]
      : [];
  });
  const shorter = `[1-9][0-9]{0,${digits.length - 2}}`;
  return `^((0|${[shorter, ...smaller].join('|')})(\\.[0-9]{1,9})?|${digits}(\\.0{1,9})?)$`;
}

/** Compares as text, because a double rounds 36000.000000000001 to 36000. */
function atMost(decimal: string, maximum: number): boolean {
  const [whole = '', fraction] = decimal.split('.');
  const top = String(maximum);
  if (whole.length !== top.length) return whole.length < top.length;
  return whole < top || (whole === top && fraction === undefined);
}

/** A text of 1 to `maximum` UTF-16 units without control characters (`multiline` allows line breaks and tabs). */
export function textField(
  maximum: number,
  options: { multiline?: true; personal?: true } = {},
): Field {
  return {
    check: (value) =>
      isText(value, maximum, options.multiline === true)
        ? { ok: value }
        : { must: `be a string of 1 to ${maximum} characters without control characters` },
    schema: textSchema(maximum, options.multiline),
    ...(options.personal === undefined ? {} : { personal: true }),
  };
}

/** The schema of a text. Unlike the check, it counts characters, not UTF-16 units, and accepts unpaired surrogates. */
export function textSchema(maximum: number, multiline = false): JsonObject {
  const none = multiline
    ? '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'
    : '\\u0000-\\u001f\\u007f-\\u009f';
  return { type: 'string', minLength: 1, maxLength: maximum, pattern: `^[^${none}]*$` };
}

/** Whether a value is a well-formed text within its bounds (docs/reference/events.md#values). */
export function isText(
  value: Json | undefined,
  maximum: number,
  multiline = false,
): value is string {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= maximum &&
    !(multiline ? CONTROL_BUT_BREAKS : CONTROL).test(value) &&
    value.isWellFormed()
  );
}

/** Any JSON object of at most 16 KiB as compact UTF-8. */
export const metadataField: Field = {
  check: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { must: 'be a JSON object' };
    }
    if (Buffer.byteLength(JSON.stringify(value)) > METADATA_BYTES) {
      return { must: `be at most ${METADATA_BYTES} bytes as compact UTF-8 JSON` };
    }
    return { ok: value };
  },
  schema: { type: 'object', additionalProperties: true },
  personal: true,
};
