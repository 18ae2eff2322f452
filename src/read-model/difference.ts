/** A row as it was read: texts, numbers and null. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A row as a person sees it: columns that hold JSON are parsed. */
type ShownRow = Readonly<Record<string, unknown>>;

/** A row in which a replay differs from the live read model, as both sides have it; `null` for a side that lacks it. */
export interface Difference {
  readonly table: string;
  readonly key: Readonly<Record<string, unknown>>;
  /** The fields that differ, such as `view.cost_cents`; empty if one side lacks the row. */
  readonly fields: readonly string[];
  readonly live: ShownRow | null;
  readonly replayed: ShownRow | null;
}

/** Columns that hold JSON, in any table: those whose comment in `rows.ts` or `tables.ts` begins with `JSON:`. */
export const JSON_COLUMNS: ReadonlySet<string> = new Set([
  'memory',
  'view',
  'described',
  'state',
  'stretch',
  'tail',
  'summaries',
  'account',
  'answer',
  'written',
  'agreement',
]);

const MAX_FIELDS = 50;

/** Returns the difference between two rows with the same key; `undefined` if they are equal byte for byte. */
export function beside(
  table: string,
  key: readonly string[],
  live: Row | undefined,
  replayed: Row | undefined,
): Difference | undefined {
  if (live !== undefined && replayed !== undefined && isSame(live, replayed)) return undefined;
  const one = (live ?? replayed)!;
  const [left, right] = [shown(live), shown(replayed)];
  return {
    table,
    key: Object.fromEntries(key.map((name) => [name, one[name]])),
    fields: left === null || right === null ? [] : fieldsOf(left, right, live!, replayed!),
    live: withoutPersonal(left),
    replayed: withoutPersonal(right),
  };
}

function isSame(a: Row, b: Row): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
  );
}

/** The personal fields of a log's description. A result says that they differ, but does not hold their values. */
const PERSONAL = ['original_filename', 'provider_metadata', 'filename_in', 'metadata_in'];

function shown(row: Row | undefined): ShownRow | null {
  if (row === undefined) return null;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      JSON_COLUMNS.has(name) && typeof value === 'string' ? parsed(value) : value,
    ]),
  );
}

function withoutPersonal(row: ShownRow | null): ShownRow | null {
  const described = row?.['described'];
  if (row === null || described === undefined) return row;
  // In a text that cannot be parsed, personal values may be anywhere.
  if (!isObject(described)) return { ...row, described: '(not readable)' };
  const shown = Object.entries(described).map(([name, value]) => [
    name,
    PERSONAL.includes(name) ? '(personal)' : value,
  ]);
  return { ...row, described: Object.fromEntries(shown) as unknown };
}

/** Returns the value of a JSON text; the text itself if it is damaged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function fieldsOf(left: ShownRow, right: ShownRow, live: Row, replayed: Row): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (live[name] === replayed[name]) continue;
    const before = found.length;
    collect(left[name], right[name], name, found);
    // If only the spelling differs, such as the order of keys, the column is named.
    if (found.length === before) found.push(name);
  }
  return found.slice(0, MAX_FIELDS);
}

function collect(left: unknown, right: unknown, at: string, found: string[]): void {
  if (found.length > MAX_FIELDS || Object.is(left, right)) return;
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) {
    found.push(at);
    return;
  }
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    collect(left[name], right[name], `${at}.${name}`, found);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
