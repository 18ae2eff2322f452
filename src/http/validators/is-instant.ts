import { ValidateBy } from 'class-validator';

import { parseInstant } from '../../domain/time';

/** An RFC 3339 instant with an offset. */
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
