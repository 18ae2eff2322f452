import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiSecurity } from '@nestjs/swagger';

import { bodySchema, fieldsOf, type Shape } from '../fields/field';
import { IDEMPOTENCY_KEY } from '../json-body';
import { component } from './components';
import type { Schema } from './schema';

/** The name of the security scheme: the key that a request carries. */
export const BEARER = 'key';

/** The groups of operations, in the order in which the document shows them. */
export const TAGS = {
  Producers: 'Workers report what happened to a session.',
  Readers: 'Usage, limits and explained charges.',
  Finance: 'Prices, plans, adjustments and closes.',
  Audit: 'The ledger itself, replays, exports and proofs.',
  Keys: 'API keys.',
  Webhooks: 'Who is notified of what, and what was sent.',
  Operations: 'Whether the service works.',
} as const;

/** Schemas by media type. */
type Content = Readonly<Record<string, Schema>>;

/** An answer with a certain status. */
export interface Answer {
  readonly description: string;
  readonly content: Content;
}

/** What a reader should know about an endpoint. Its other decorators give its path, parameters and role. */
export interface Description {
  readonly tag: keyof typeof TAGS;
  /** One line, as a sentence. */
  readonly summary: string;
  /** What there is to know beyond the summary. */
  readonly description: string;
  /** A class of fields, or schemas by media type. */
  readonly body?: Shape | Content;
  /** Whether the body may be left out. */
  readonly isBodyOptional?: true;
  /** Parameters that the handler reads by itself. All are optional. */
  readonly query?: Shape;
  /** The answers by status. Every endpoint may also answer with a problem. */
  readonly answers: Readonly<Record<number, Answer>>;
}

/** References to the schemas of body classes. */
const BODIES = new Map<Shape, Schema>();

/** Describes an endpoint for the API's document. It decorates the method that answers the endpoint. */
export function Describe(said: Description): MethodDecorator {
  const { tag, summary, description, body, isBodyOptional = false, query, answers } = said;
  const required = !isBodyOptional;
  const requestBody =
    body === undefined ? {} : { requestBody: { required, content: contentOf(bodyOf(body)) } };
  return applyDecorators(
    ApiOperation({ tags: [tag], summary, description, ...requestBody }),
    ...Object.entries(answers).map(([status, answer]) =>
      ApiResponse({
        status: Number(status),
        description: answer.description,
        ...(Object.keys(answer.content).length === 0 ? {} : { content: contentOf(answer.content) }),
      }),
    ),
    ...(query === undefined ? [] : fieldsOf(query)).map(({ name, schema, description: words }) =>
      ApiQuery({ name, required: false, schema, description: words }),
    ),
  );
}

/** Describes one of finance's writes, which is recorded once under the key that the client sends. */
export function DescribeWrite(
  said: Omit<Description, 'tag' | 'answers'> & {
    readonly answer: Schema;
    /** Whether everything may already be as the write wants it. */
    readonly mayBeSo?: true;
  },
): MethodDecorator {
  const { answer, mayBeSo, ...rest } = said;
  const recorded = json(answer, 'Recorded, now or earlier under the same key.');
  const already = json(answer, 'Nothing was recorded, because nothing would change.');
  return applyDecorators(
    Describe({
      ...rest,
      tag: 'Finance',
      answers: mayBeSo ? { 200: already, 201: recorded } : { 201: recorded },
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'New for each write, but the same if you send that write again.',
      required: true,
      schema: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        pattern: IDEMPOTENCY_KEY.source,
      },
    }),
  );
}

/** Says which roles' keys open an endpoint. */
export function DescribeRoles(roles: readonly string[]): MethodDecorator {
  return ApiSecurity(BEARER, [...roles]);
}

export function json(schema: Schema, description = 'The answer.'): Answer {
  return { description, content: { 'application/json': schema } };
}

/** Describes an answer without a body. */
export function nothing(description: string): Answer {
  return { description, content: {} };
}

function bodyOf(body: Shape | Content): Content {
  if (typeof body !== 'function') return body;
  const shape = body;
  const known = BODIES.get(shape);
  const schema = known ?? component(shape.name, bodySchema(shape));
  BODIES.set(shape, schema);
  return { 'application/json': schema };
}

function contentOf(content: Content): Record<string, { readonly schema: Schema }> {
  return Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));
}
