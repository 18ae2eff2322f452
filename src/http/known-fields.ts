import { fieldsOf, type Shape } from './fields/field';

/**
 * The first own field of a value that its class does not declare. Must be called before the value becomes an instance,
 * in which `constructor`, `toString` or `__proto__` would pass for what every object has.
 */
export function unknownField(shape: Shape, value: object): string | undefined {
  const known = new Set(fieldsOf(shape).map(({ name }) => name));
  return Object.keys(value).find((name) => !known.has(name));
}
