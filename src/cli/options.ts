import type { ClassConstructor } from 'class-transformer';

import { readBody } from '../http/json-body';
import { Problem } from '../http/problem';
import { UsageError } from './usage-error';

/** Options whose names are not simply the names over HTTP with hyphens for underscores. */
const NAMES: Readonly<Record<string, string>> = { user_id: 'user' };

/**
 * Checks options by the rules that hold over HTTP.
 * @throws UsageError that names the option: a mistake in it is wrong use.
 */
export function readOptions<T extends object>(
  options: Readonly<Record<string, string | undefined>>,
  shape: ClassConstructor<T>,
): T {
  return checkOptions(options, (given) => readBody(given, shape));
}

/**
 * Checks options with a function that reads them as they are over HTTP.
 * @throws UsageError as {@link readOptions}.
 */
export function checkOptions<T>(
  options: Readonly<Record<string, string | undefined>>,
  check: (given: Record<string, string>) => T,
): T {
  const given = Object.entries(options).filter(([, one]) => one !== undefined);
  try {
    return check(Object.fromEntries(given) as Record<string, string>);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const name = error.detail.split(' ', 1)[0]!;
    const option = NAMES[name] ?? name.replaceAll('_', '-');
    throw new UsageError(
      name in options ? `--${option}${error.detail.slice(name.length)}` : error.detail,
    );
  }
}
