import { Transform } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';

import { TIME_PATTERN } from '../../domain/events/event-schema';
import type { Json } from '../../domain/events/facts';
import { isText, providerField, textSchema } from '../../domain/events/fields';
import { CURRENCY } from '../../domain/money';
import { parseInstant } from '../../domain/time';
import { list, POSITION, type Schema } from '../openapi/schema';
import type { Rule } from './field';

/**
 * Requires a text to match a pattern as a whole. The pattern has no flags, because a schema can't express them.
 * @param must what the message says after the field's name and "must".
 */
export function matching(pattern: RegExp, must: string, more: Schema = {}): Rule {
  return {
    schema: { type: 'string', pattern: pattern.source, ...more },
    checks: [Matches(pattern, { message: `$property must ${must}` })],
  };
}

/** An opaque id of a user, a session and so on. Not `.` or `..`, which would change the path. */
export const id = matching(
  /^(?!\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$/,
  'be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -',
);
/** A month from 1969-12 on: in zones west of Greenwich, the first hours of 1970 in UTC are in that month. */
export const period = matching(
  /^(1969-12|(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2]))$/,
  'be a month such as 2026-10',
  { examples: ['2026-10'] },
);
export const currency = matching(CURRENCY, 'be three capital letters, such as TWD', {
  examples: ['TWD'],
});
export const position = matching(POSITION, 'be a position that an earlier answer named');

/** A point in the ledger: a position or a time. */
export const place = matching(
  new RegExp(`^(${POSITION.source.slice(1, -1)}|${TIME_PATTERN.slice(1, -1)})$`),
  'be a position or an RFC 3339 time',
);

/** Any text; the handler itself checks it. */
export const anyText: Rule = { schema: { type: 'string' }, checks: [Allow()] };

export const flag: Rule = {
  schema: { type: 'boolean' },
  checks: [IsBoolean({ message: '$property must be true or false' })],
};

/** An RFC 3339 instant with an offset. */
export const instant: Rule = {
  schema: {
    type: 'string',
    format: 'date-time',
    pattern: TIME_PATTERN,
    examples: ['2026-10-05T10:00:00.000Z'],
  },
  checks: [
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && parseInstant(value) !== undefined,
        defaultMessage: (args) =>
          `${args!.property} must be RFC 3339 with an offset, in the years 1970 to 9999 in UTC`,
      },
    }),
  ],
};

/** A plan's name: lower-cased on arrival, 1 to 64 characters of `a-z 0-9 . _ -`. */
export const planName: Rule = {
  schema: { ...providerField.schema, description: 'Lower-cased on arrival.' },
  checks: [
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.toLowerCase() : value,
    ),
    Matches(/^[a-z0-9._-]{1,64}$/, {
      message: '$property must be 1 to 64 characters of a-z 0-9 . _ -',
    }),
  ],
};

/** A well-formed text of 1 to `maximum` UTF-16 units without control characters, as in events. */
export function text(maximum: number): Rule {
  return {
    schema: textSchema(maximum),
    checks: [
      ValidateBy({
        name: 'isText',
        validator: {
          validate: (value: unknown) => isText(value as Json | undefined, maximum),
          defaultMessage: (args) =>
            `${args!.property} must be a string of 1 to ${maximum} characters without control characters`,
        },
      }),
    ],
  };
}

/** A parameter that is a whole number: digits and nothing else, so no `1e1`, `0x3` or ` 1`. */
export function whole(
  minimum: number,
  maximum: number,
  must = `be a whole number from ${minimum} to ${maximum}`,
): Rule {
  const message = `$property must ${must}`;
  return {
    schema: { type: 'integer', minimum, maximum },
    checks: [
      Transform(({ value }: { value: unknown }) =>
        typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
      ),
      IsInt({ message }),
      Min(minimum, { message }),
      Max(maximum, { message }),
    ],
  };
}

/** Requires one of the words. */
export function oneOf(words: readonly string[], more: Schema = {}): Rule {
  return {
    schema: { type: 'string', enum: [...words], ...more },
    checks: [IsIn(words, { message: `$property must be one of ${words.join(', ')}` })],
  };
}

/** Requires a list of at least one of the words. */
export function someOf(words: readonly string[]): Rule {
  const message = `$property must be a list of some of ${words.join(', ')}`;
  return {
    schema: { ...list({ type: 'string', enum: [...words] }), minItems: 1, maxItems: words.length },
    checks: [
      IsArray({ message }),
      ArrayMinSize(1, { message }),
      ArrayMaxSize(words.length, { message }),
      IsIn(words, { each: true, message }),
    ],
  };
}
