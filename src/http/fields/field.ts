import { IsOptional } from 'class-validator';

import { nullable, object, type Schema } from '../openapi/schema';

/** What a field of a request may hold, declared once for class-validator and for the API's description. */
export interface Rule {
  /** The field's schema in the description. It must accept exactly what the checks accept. */
  readonly schema: Schema;
  /** Decorators of class-validator and class-transformer. */
  readonly checks: readonly PropertyDecorator[];
}

/** A field of a class of parameters or of a body. */
interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly description: string | undefined;
  readonly isRequired: boolean;
}

/** A class whose fields carry rules. */
export type Shape = abstract new (...args: never[]) => object;

/** The fields, by the prototype of the class that declares them. */
const FIELDS = new WeakMap<object, Field[]>();
/** The fields that {@link describeFields} has not described yet. */
let undescribed: { readonly target: object; readonly field: Field }[] = [];

/** Declares that the field is required, and what it may hold. */
export function Required(rule: Rule, description?: string): PropertyDecorator {
  return declare(rule, true, description);
}

/**
 * Declares that the field may be left out; in a body, null means the same. The value that the class assigns to it is
 * its default, also in the description.
 */
export function Optional(rule: Rule, description?: string): PropertyDecorator {
  return declare(rule, false, description);
}

function declare(
  { schema, checks }: Rule,
  isRequired: boolean,
  description: string | undefined,
): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    for (const check of checks) check(target, property);
    if (!isRequired) IsOptional()(target, property);
    const whole = isRequired ? schema : withDefault(schema, target, name);
    const field = { name, schema: whole, description, isRequired };
    FIELDS.set(target, [...(FIELDS.get(target) ?? []), field]);
    undescribed.push({ target, field });
  };
}

/**
 * Describes the declared fields to @nestjs/swagger, before it makes the API's document. Commands and threads, which
 * check options by the same rules, need not load it.
 * @param property the ApiProperty of @nestjs/swagger. It makes a parameter from the options, and takes a complete
 * schema unchanged.
 */
export function describeFields(property: (options: object) => PropertyDecorator): void {
  for (const { target, field } of undescribed) {
    const { name, schema, description, isRequired } = field;
    const words = description === undefined ? {} : { description };
    property({ type: String, schema, required: isRequired, ...words })(target, name);
  }
  undescribed = [];
}

/** Reads the default when the API is described: while its decorators run, a class does not have its values yet. */
function withDefault(schema: Schema, target: object, name: string): Schema {
  return {
    ...schema,
    get default() {
      const value = new (target.constructor as new () => Record<string, Schema[string]>)()[name];
      return value ?? schema['default'];
    },
  } as Schema;
}

/** Returns the fields of a class and of the classes it extends. */
export function fieldsOf(shape: Shape): readonly Field[] {
  const fields = new Map<string, Field>();
  const prototypes: object[] = [];
  for (
    let prototype = shape.prototype as object | null;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    prototypes.unshift(prototype);
  }
  for (const field of prototypes.flatMap((one) => FIELDS.get(one) ?? [])) {
    fields.set(field.name, field);
  }
  return [...fields.values()];
}

/**
 * Returns the schema of a body: no other fields, and null allowed for optional ones.
 * @param more required fields that the class does not read itself.
 */
export function bodySchema(shape: Shape, more: Readonly<Record<string, Schema>> = {}): Schema {
  const fields = fieldsOf(shape);
  const optional = fields.filter((field) => !field.isRequired).map(({ name }) => name);
  const schemas = fields.map(({ name, schema, description, isRequired }): [string, Schema] => {
    const whole = isRequired ? schema : nullable(schema);
    return [name, description === undefined ? whole : { ...whole, description }];
  });
  return object({ ...Object.fromEntries(schemas), ...more }, optional);
}
