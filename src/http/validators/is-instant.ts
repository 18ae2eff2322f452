import { ValidateBy } from 'class-validator';

import { parseInstant } from '../../domain/time';

/** An instant as RFC 3339 has it, with an offset. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseInstant(value) !== undefined,
      defaultMessage: (args) =>
        `${args!.property} must be RFC 3339 with an offset, in the years 1970 to 9999 in UTC`,
    },
  });
}
