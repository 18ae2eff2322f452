import { RefusedError, type Refusal } from '../domain/errors';
import { StoreError, type StoreErrorCode } from '../event-store/errors';
import { Problem, type ProblemCode } from '../http/problem';
import { PostgresUnavailableError } from '../postgres/unavailable';
import { asError } from '../lib/as-error';

/** An error in a form that can be sent between threads: an `Error` itself would lose its class on the way. */
export interface PackedError {
  readonly kind: 'problem' | 'refused' | 'store' | 'postgres' | 'other';
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The parts of a problem, the refusal of a refused error, or the code of a store error. */
  readonly more?: unknown;
}

export function packError(error: unknown): PackedError {
  const { name, message, stack } = asError(error);
  const own = { name, message, stack };
  if (error instanceof Problem) {
    return { kind: 'problem', ...own, more: [error.code, error.detail, error.more] };
  }
  if (error instanceof RefusedError) return { kind: 'refused', ...own, more: error.refusal };
  if (error instanceof StoreError) return { kind: 'store', ...own, more: error.code };
  if (error instanceof PostgresUnavailableError) return { kind: 'postgres', ...own };
  return { kind: 'other', ...own };
}

export function unpackError({ kind, name, message, stack, more }: PackedError): Error {
  switch (kind) {
    case 'problem':
      return new Problem(...(more as [ProblemCode, string, Problem['more']]));
    case 'refused':
      return new RefusedError(more as Refusal);
    case 'store':
      return new StoreError(more as StoreErrorCode, message);
    case 'postgres':
      return new PostgresUnavailableError(message);
    case 'other':
      return Object.assign(new Error(message), { name, stack });
  }
}
