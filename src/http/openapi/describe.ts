import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiSecurity } from '@nestjs/swagger';

import { bodySchema, fieldsOf, type Shape } from '../fields/field';
import { component } from './components';
import type { Schema } from './schema';

/** How the document calls the key that a request carries. */
export const BEARER = 'key';

/** What an operation is about, in the order in which the document shows them. */
export const TAGS = {
  Producers: 'Workers tell what happened to a session.',
  Readers: 'Usage, limits and explained charges.',
  Finance: 'Prices, plans, adjustments and closes.',
  Audit: 'The ledger itself, replays, exports and proofs.',
  Keys: 'API keys.',
  Webhooks: 'Who is told of what happens, and what was sent.',
  Operations: 'Whether the service works.',
} as const;

/** Schemas by media type. */
type Content = Readonly<Record<string, Schema>>;

/** What comes back under a status. */
export interface Answer {
  readonly description: string;
  readonly content: Content;
}

/** What a person should know of an endpoint. Its path, its parameters and its role are known from its other decorators. */
export interface Description {
  readonly tag: keyof typeof TAGS;
  /** One line, as a sentence. */
  readonly summary: string;
  /** What is to be known beside the summary. */
  readonly description: string;
  /** A class of fields, or schemas by media type. */
  readonly body?: Shape | Content;
  /** That there may be no body. */
  readonly isBodyOptional?: true;
  /** Parameters that the handler reads by itself. They may be left out. */
  readonly query?: Shape;
  /** By status. Every endpoint may also answer a problem. */
  readonly answers: Readonly<Record<number, Answer>>;
}

/** The classes that are bodies, and what refers to their schemas. */
const BODIES = new Map<Shape, Schema>();

/** Describes an endpoint for the API's document, at the method that answers it. */
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

/** Describes a write of finance's, which is recorded once under the key that the client sends. */
export function DescribeWrite(
  said: Omit<Description, 'tag' | 'answers'> & {
    readonly answer: Schema;
    /** That it may find nothing to do. */
    readonly mayBeSo?: true;
  },
): MethodDecorator {
  const { answer, mayBeSo, ...rest } = said;
  const recorded = json(answer, 'Recorded, now or under the same key before.');
  const already = json(answer, 'It was so already, and nothing was recorded.');
  return applyDecorators(
    Describe({
      ...rest,
      tag: 'Finance',
      answers: mayBeSo ? { 200: already, 201: recorded } : { 201: recorded },
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'New for each write, but the same when it is sent again.',
      required: true,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
  );
}

/** Says whose key opens an endpoint: that of any of these roles. */
export function DescribeRoles(roles: readonly string[]): MethodDecorator {
  return ApiSecurity(BEARER, [...roles]);
}

export function json(schema: Schema, description = 'The answer.'): Answer {
  return { description, content: { 'application/json': schema } };
}

/** No body. */
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
