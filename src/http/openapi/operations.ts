import { ref, text, type Schema } from './schema';

/** An operation, in the words of OpenAPI. */
export type Operation = Readonly<Record<string, unknown>>;

export function parameter(
  name: string,
  where: string,
  schema: Schema,
  description: string,
): Operation {
  return { name, in: where, required: where === 'path', schema, description };
}

export const atLeast = parameter(
  'at_least',
  'query',
  { type: 'string', pattern: '^[0-9]{1,16}$' },
  'Waits (at most 2 s) until the read model has this position.',
);

export const paging = [
  parameter('cursor', 'query', text, "next_cursor from this list's previous answer."),
  parameter(
    'limit',
    'query',
    { type: 'integer', minimum: 1, maximum: 500, default: 50 },
    'The most items on a page.',
  ),
];

export function json(schema: Schema, description = 'The answer.'): Operation {
  return { description, content: { 'application/json': { schema } } };
}

export const problem = {
  description: 'A problem (RFC 9457): `code` says which, `detail` what to do.',
  content: { 'application/problem+json': { schema: ref('Problem') } },
};

export const asOf = parameter(
  'as_of',
  'query',
  text,
  'The answer as it was known at this position or time.',
);

export const user = parameter('user_id', 'path', text, 'The user.');
