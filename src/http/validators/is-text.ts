import { ValidateBy } from 'class-validator';

import { isText } from '../../domain/events/fields';
import type { Json } from '../../domain/events/facts';

/** A well-formed text of 1 to `maximum` UTF-16 units without control characters, as in events. */
export function IsText(maximum: number): PropertyDecorator {
  return ValidateBy({
    name: 'isText',
    validator: {
      validate: (value: unknown) => isText(value as Json | undefined, maximum),
      defaultMessage: (args) =>
        `${args!.property} must be a text of 1 to ${maximum} characters without control characters`,
    },
  });
}
