import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FastifyRequest } from 'fastify';

import type { Json } from '../domain/events/facts';
import { pointerTo } from '../domain/pointer';
import { parseJson, refuseCompressed } from './body';
import { unknownField } from './known-fields';
import { Problem } from './problem';

/** An `Idempotency-Key`: visible ASCII characters, with spaces only between them. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * Reads a request's JSON body, as sent by a person; an empty body is `{}`.
 * @throws Problem `unsupported_media_type`, `invalid_json` or `too_deep`.
 */
export function readJson(request: FastifyRequest): Json {
  refuseCompressed(request.headers);
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new Problem('unsupported_media_type', 'Send the body as application/json in UTF-8.');
  }
  return parseJson(body);
}

/**
 * Reads a body into an instance of a class, by class-validator's rules.
 * @throws Problem `missing_field`, `unknown_field` or `invalid_field` with a pointer to the first mistake.
 */
export function readBody<T extends object>(body: Json, shape: ClassConstructor<T>): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('invalid_field', 'The body must be a JSON object.', { pointer: '' });
  }
  const unknown = unknownField(shape, body);
  if (unknown !== undefined) {
    throw new Problem('unknown_field', 'There is no such field here.', {
      pointer: pointerTo('', unknown),
    });
  }
  const value = plainToInstance(shape, body);
  const [first] = validateSync(value);
  if (first !== undefined) throw toProblem(first, body as Readonly<Record<string, Json>>);
  return value;
}

function toProblem(error: ValidationError, body: Readonly<Record<string, Json>>): Problem {
  const name = error.property;
  const pointer = pointerTo('', name);
  const [message = ''] = Object.values(error.constraints ?? {});
  if (!Object.hasOwn(body, name) || body[name] === null) {
    return new Problem('missing_field', `${name} is required.`, { pointer });
  }
  return new Problem('invalid_field', `${message}.`, { pointer });
}

/**
 * Returns the key under which a write is recorded once.
 * @throws Problem `idempotency_key_required` if it is not 1 to 255 visible ASCII characters, with spaces only between
 * them.
 */
export function readIdempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw new Problem(
    'idempotency_key_required',
    'Send the header Idempotency-Key: 1 to 255 visible ASCII characters, new for each write and the same when it is sent again.',
  );
}
