import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';

/** A plan's name: lower-cased on arrival, 1 to 64 characters of `a-z 0-9 . _ -`. */
export function IsPlanName(): PropertyDecorator {
  const checks = [
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.toLowerCase() : value,
    ),
    Matches(/^[a-z0-9._-]{1,64}$/, { message: 'plan must be 1 to 64 characters of a-z 0-9 . _ -' }),
  ];
  return (target, property) => checks.forEach((check) => check(target, property));
}
