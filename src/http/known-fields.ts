import { fieldsOf, type Shape } from './fields/field';

/**
 * Returns the first own field of a value that its class does not declare. Call it before the value becomes an instance,
 * where `constructor`, `toString` or `__proto__` would pass for properties that every object has.
 */
export function unknownField(shape: Shape, value: object): string | undefined {
  const known = new Set(fieldsOf(shape).map(({ name }) => name));
  return Object.keys(value).find((name) => !known.has(name));
}
