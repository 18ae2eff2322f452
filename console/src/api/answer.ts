import type { Plain } from './answer-type';
import type { Schema } from './client';
import { noteUnreachable } from './head';
import { t } from '../i18n/language';

/** A refusal by the service. `detail` says what to do about it; `status` is 0 if the service was not reached. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly pointer?: string,
  ) {
    super(detail);
  }
}

const UNREACHABLE = 'unreachable';

interface Outcome<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** Returns the body of an answer. @throws Refused with the service's own words. */
export async function answerOf<Data>(
  call: Promise<Outcome<Data>>,
): Promise<Plain<NonNullable<Data>>> {
  const { data, error, response } = await reached(call);
  if (response.ok) return data as Plain<NonNullable<Data>>;
  const problem = (typeof error === 'object' ? error : {}) as Partial<Schema<'Problem'>>;
  throw new Refused(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? t('The service answered {0}.', response.status),
    problem.pointer,
  );
}

/** Waits for an answer of any kind. @throws Refused if the service was not reached. */
export async function reached<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    noteUnreachable();
    throw new Refused(0, UNREACHABLE, t('The service can’t be reached.'));
  }
}

/** Says of a request that did not reach the service, or whose answer was lost, what a page that reads again does. */
export function ofRead(refused: Refused): Refused {
  return unreached(refused, t('The service can’t be reached. The page tries again by itself.'));
}

/**
 * Says of such a request what a person who wrote does.
 * @param hasKey whether it had an idempotency key.
 */
export function ofWrite(refused: Refused, hasKey: boolean): Refused {
  return unreached(
    refused,
    hasKey
      ? t(
          'The service can’t be reached. This may or may not be recorded. Press the button again: it is recorded once.',
        )
      : t(
          'The service can’t be reached. This may or may not have taken effect. Look before you press the button again.',
        ),
  );
}

function unreached(refused: Refused, detail: string): Refused {
  return refused.code === UNREACHABLE ? new Refused(0, UNREACHABLE, detail) : refused;
}
