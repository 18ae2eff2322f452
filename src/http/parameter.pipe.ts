import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';

import { pointerTo } from '../domain/pointer';
import type { Shape } from './fields/field';
import { unknownField } from './known-fields';
import { Problem } from './problem';

/** Reads path and query parameters into classes with class-validator's rules, and refuses all others. */
export class ParameterPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: toProblem,
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype } = metadata;
    if (metatype && this.toValidate(metadata) && typeof value === 'object' && value !== null) {
      const name = unknownField(metatype as Shape, value);
      if (name !== undefined) throw noSuchParameter(name);
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

export function noSuchParameter(name: string): Problem {
  return new Problem(
    'invalid_parameter',
    `There is no parameter "${name.slice(0, 64).toWellFormed()}" here. /openapi.json lists the parameters.`,
    { pointer: pointerTo('', name) },
  );
}

/** Returns the first mistake in a request's parameters, as a problem. */
function toProblem(errors: readonly ValidationError[]): Problem {
  const first = errors[0]!;
  const [rule = '', message = 'The parameter is wrong'] =
    Object.entries(first.constraints ?? {})[0] ?? [];
  if (rule === 'whitelistValidation') return noSuchParameter(first.property);
  const pointer = pointerTo('', first.property);
  return new Problem('invalid_parameter', `${message}.`, { pointer });
}
