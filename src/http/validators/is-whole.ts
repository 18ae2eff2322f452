import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** A parameter that is a whole number: digits and nothing else, so no `1e1`, `0x3` or ` 1`. */
export function IsWhole(minimum: number, maximum: number, message: string): PropertyDecorator {
  const checks = [
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(minimum, { message }),
    Max(maximum, { message }),
  ];
  return (target, property) => checks.forEach((check) => check(target, property));
}
