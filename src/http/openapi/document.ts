import type { INestApplication } from '@nestjs/common';
import { ApiProperty, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

import { either } from '../../lib/either';
import { describeFields } from '../fields/field';
import { componentsOf } from './components';
import { BEARER, TAGS } from './describe';
import { HEADERS, withHeaders } from './headers';
import { illustrated } from './illustrated';
import { problem } from './problem';
import type { Operation } from './schema';

const DESCRIPTION = `An event-sourced billing ledger for speech-to-text. Workers post facts; usage logs, summaries and
cents are derived from them. Counts and cents are JSON numbers; seconds, minutes, costs and amounts are decimal
strings; times are RFC 3339 in UTC with milliseconds; ranges are half-open.

The [guide](/docs/guide/) has a tutorial, how-tos and the reference. Finance works in the [console](/console/).`;

/** An operation, as the decorators of its method describe it. */
interface Described {
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, Operation>>;
}

/** Builds the description of the API (OpenAPI 3.1). Paths, parameters, bodies and answers come from the controllers. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const said = {
    openapi: '3.1.0',
    info: {
      title: 'Minutebook',
      version: '0.1.0',
      description: DESCRIPTION,
      contact: { name: 'Whoever runs this service' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The service that serves this document.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  };
  describeFields(ApiProperty);
  const { paths } = SwaggerModule.createDocument(app, said, { autoTagControllers: false });
  const whole = Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations as Readonly<Record<string, Described>>).map(
          ([method, operation]) => [method, completed(method, path, operation)],
        ),
      ),
    ]),
  );
  const document = {
    ...said,
    paths: whole,
    components: {
      securitySchemes: {
        [BEARER]: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a JWT. Its role decides what it opens.',
        },
      },
      headers: HEADERS,
      schemas: componentsOf(whole),
    },
  };
  // Reads the defaults from their classes once, not on each request.
  return JSON.parse(JSON.stringify(document)) as OpenAPIObject;
}

/** Completes an operation with what every operation has: a name, the role it needs, headers, its refusals, examples. */
function completed(method: string, path: string, operation: Described): Operation {
  const { parameters, security, ...rest } = operation;
  const roles = security?.[0]?.[BEARER];
  const refusals =
    roles === undefined ? { '4XX': problem } : { 401: problem, 403: problem, default: problem };
  return illustrated(`${method.toUpperCase()} ${path}`, {
    ...rest,
    operationId: nameOf(method, path),
    description: `${operation.description} ${keyOf(roles)}`,
    ...(parameters.length === 0 ? {} : { parameters: inOrder(parameters) }),
    security: roles === undefined ? [] : [{ [BEARER]: [] }],
    responses: { ...refusals, ...withHeaders(method, path, parameters, operation.responses) },
  });
}

/** Parameters that many lists and reads share are listed last. */
const LAST = ['cursor', 'limit', 'at_least', 'as_of'];

function inOrder(parameters: Described['parameters']): Described['parameters'] {
  const rank = ({ name }: { readonly name: string }) => LAST.indexOf(name);
  return [...parameters].sort((one, other) => rank(one) - rank(other));
}

/** Says whose key opens an operation. @param roles `undefined` = the operation is open to everybody. */
function keyOf(roles: readonly string[] | undefined): string {
  if (roles === undefined) return 'It needs no key.';
  return `Key: ${either(roles.map((role) => `\`${role}\``))}.`;
}

/**
 * Returns a name such as `getUsersByUserIdUsageSummary`. It is unique, and stays the same as long as method and path
 * do.
 */
function nameOf(method: string, path: string): string {
  const words = path
    .split('/')
    .filter((part) => part !== '' && part !== 'v1')
    .map((part) => part.replace(/^\{/, 'by_').match(/[A-Za-z0-9]+/g) ?? [])
    .flat();
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}
