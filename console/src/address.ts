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
  return {
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decoded),
    query: parameters,
    period: isMonth(parameters.get('period')) ? parameters.get('period')! : undefined,
    asOf: parameters.get('as_of') ?? undefined,
  };
}

/** Whether a text of an address names a month. Any other would break the pages that show it. */
export function isMonth(text: string | null | undefined): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns the address of a page. Month and moment stay unless `change` says otherwise; `undefined` removes one. */
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
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}
