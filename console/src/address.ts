/**
 * Where the console is. It is kept in the address after `#`, so that a link leads to the same page, month and moment.
 */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The month, if the address names one. */
  readonly period: string | undefined;
  readonly asOf: string | undefined;
}

/** Parameters that every link keeps: the month and the moment that are shown. */
const KEPT = ['period', 'as_of'];

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const parameters = new URLSearchParams(query);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const period = monthIn(parts) ?? parameters.get('period');
  return {
    path: parts,
    query: parameters,
    period: isMonth(period) ? period! : undefined,
    asOf: parameters.get('as_of') ?? undefined,
  };
}

/** Whether a text of an address names a month. Any other would break the pages that show it. */
export function isMonth(text: string | null | undefined): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '');
}

/** The month that a path names, if its page is about one month. */
function monthIn([page, month]: readonly string[]): string | undefined {
  return page === 'closing' && isMonth(month) ? month : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Returns the address of a page. Month and moment stay unless the path or `change` says otherwise; `undefined` removes
 * one.
 */
export function addressOf(
  path: readonly string[],
  change: Readonly<Record<string, string | undefined>>,
  from: string,
): string {
  const { query: was } = readRoute(from);
  const query = new URLSearchParams();
  for (const name of KEPT) {
    const value = was.get(name);
    if (value !== null) query.set(name, value);
  }
  const month = monthIn(path) ?? monthIn(readRoute(from).path);
  if (month !== undefined) query.set('period', month);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** Returns the address of the same page in another month. */
export function addressInMonth(period: string, from: string): string {
  const { path, query } = readRoute(from);
  if (monthIn(path) !== undefined) return addressOf(['closing', period], {}, from);
  return addressOf(path, { ...Object.fromEntries(query), period, day: undefined }, from);
}
