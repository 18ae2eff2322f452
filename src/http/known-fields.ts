import { getMetadataStorage } from 'class-validator';

/** A class whose fields carry class-validator's rules. */
type Shape = abstract new (...args: never[]) => unknown;

/**
 * The first own field of a value that its class does not declare. Must be called before the value becomes an instance,
 * in which `constructor`, `toString` or `__proto__` would pass for what every object has.
 */
export function unknownField(shape: Shape, value: object): string | undefined {
  let known = fields.get(shape);
  if (known === undefined) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
    fields.set(shape, (known = new Set(rules.map((rule) => rule.propertyName))));
  }
  return Object.keys(value).find((name) => !known.has(name));
}

/** The fields by class. They never change, and finding them takes as long as validating a value. */
const fields = new WeakMap<Shape, ReadonlySet<string>>();
