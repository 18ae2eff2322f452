import { IsOptional, Matches } from 'class-validator';

import { IsWhole } from '../http/validators/is-whole';

export class ProofParameters {
  /** Waits (at most 2 s) until the read model has this position. */
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position, as writes answer it' })
  at_least?: string;
}

/** A number of events, 1 to 2^53 - 1. */
function IsSize(name: string): PropertyDecorator {
  const message = `${name} must be a number of events, a whole number from 1`;
  return IsWhole(1, Number.MAX_SAFE_INTEGER, message);
}

export class SizeParameters extends ProofParameters {
  @IsOptional()
  @IsSize('size')
  size?: number;
}

export class IndexPath {
  @Matches(/^(0|[1-9]\d{0,14})$/, { message: "index must be an event's number, from 0" })
  index!: string;
}

export class ConsistencyParameters extends ProofParameters {
  @IsSize('first')
  first!: number;

  @IsOptional()
  @IsSize('second')
  second?: number;
}
