import { fieldsOf, type Shape } from './fields/field';

/** The names of each class's fields. */
const NAMES = new WeakMap<Shape, ReadonlySet<string>>();

/**
 * Returns the first own field of a value that its class does not declare. Call it before the value becomes an instance:
 * in an instance, fields named `constructor`, `toString` or `__proto__` would pass for the properties that every object
 * has.
 */
export function unknownField(shape: Shape, value: object): string | undefined {
  const known = namesOf(shape);
  return Object.keys(value).find((name) => !known.has(name));
}

function namesOf(shape: Shape): ReadonlySet<string> {
  const known = NAMES.get(shape);
  if (known !== undefined) return known;
  const names = new Set(fieldsOf(shape).map(({ name }) => name));
  NAMES.set(shape, names);
  return names;
}
