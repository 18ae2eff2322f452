import { DoesNotFollow } from './problem';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The ledger takes events of 64 levels. To write thousands of levels as JSON again would overflow the stack. */
const MOST_LEVELS = 256;

/** Reads the members of a JSON object, each as the type that it must have. `what` names the object in messages. */
export class Members {
  constructor(
    private readonly object: JsonObject,
    private readonly what: string,
  ) {}

  /** @throws DoesNotFollow if `value` is not an object. */
  static of(value: unknown, what: string): Members {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new DoesNotFollow(`${what} is not a JSON object.`);
    }
    return new Members(value as JsonObject, what);
  }

  has(name: string): boolean {
    return this.object[name] !== undefined && this.object[name] !== null;
  }

  /** The names of the members, in the order written. */
  get names(): string[] {
    return Object.keys(this.object);
  }

  /** Says what is wrong if the members or their order differ from `names`; null if they do not. */
  otherThan(names: readonly string[], what: string): string | null {
    const own = this.names.join(', ');
    if (own === names.join(', ')) return null;
    return `${what} has the members ${own}, and must have ${names.join(', ')}.`;
  }

  text(name: string): string {
    const value = this.object[name];
    return typeof value === 'string' ? value : this.fail(name, 'a string');
  }

  textOrNull(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  matching(name: string, pattern: RegExp, meant: string): string {
    const value = this.text(name);
    return pattern.test(value) ? value : this.fail(name, meant);
  }

  oneOf<const T extends string>(name: string, all: readonly T[]): T {
    const value = this.text(name) as T;
    return all.includes(value) ? value : this.fail(name, `one of ${all.join(', ')}`);
  }

  whole(name: string, least: number): number {
    const value = this.object[name];
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    return this.fail(name, `a whole number of at least ${least}`);
  }

  /** Reads a decimal that is not negative, as the ledger stores it: a string without exponent. */
  decimal(name: string): string {
    return this.matching(name, /^(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?$/, 'a decimal as a string');
  }

  /** Reads a number from 0 to 1. */
  share(name: string): number {
    const value = this.object[name];
    const isShare = typeof value === 'number' && value >= 0 && value <= 1;
    return isShare ? value : this.fail(name, 'a number from 0 to 1');
  }

  /** Reads an instant as the ledger writes it: RFC 3339 in UTC with milliseconds, and so with a year of four digits. */
  instant(name: string): string {
    const value = this.text(name);
    const time = Date.parse(value);
    // A year beyond 9999 begins with a sign.
    const isWritten =
      /^\d{4}-/.test(value) && !Number.isNaN(time) && new Date(time).toISOString() === value;
    return isWritten ? value : this.fail(name, 'a time in UTC with milliseconds');
  }

  members(name: string): Members {
    return Members.of(this.object[name], `"${name}" of ${this.what}`);
  }

  entries(name: string): [string, Members][] {
    const value = this.object[name];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.fail(name, 'an object');
    }
    return Object.entries(value).map(([key, one]) => [
      key,
      Members.of(one, `"${name}.${key}" of ${this.what}`),
    ]);
  }

  list(name: string): readonly unknown[] {
    const value = this.object[name];
    return Array.isArray(value) ? (value as unknown[]) : this.fail(name, 'a list');
  }

  objects(name: string): Members[] {
    return this.list(name).map((one, at) => Members.of(one, `"${name}/${at}" of ${this.what}`));
  }

  private fail(name: string, meant: string): never {
    throw new DoesNotFollow(`"${name}" of ${this.what} is not ${meant}.`);
  }
}

/**
 * @throws DoesNotFollow if `text` is not JSON, is nested too deep, or is not as the ledger writes it: no white space,
 * one spelling per value.
 */
export function readJson(text: string, what: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DoesNotFollow(`${what} is not JSON.`);
  }
  if (isDeeper(value, MOST_LEVELS)) {
    throw new DoesNotFollow(`${what} is nested more than ${MOST_LEVELS} levels deep.`);
  }
  if (JSON.stringify(value) !== text) {
    throw new DoesNotFollow(
      `${what} is not written as it must be: JSON without blanks, each value spelled one way.`,
    );
  }
  return Members.of(value, what);
}

/** Looks level by level: a function that calls itself for each level could overflow the stack. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === levels) return true;
    level = level.flatMap((one): unknown[] => Object.values(one)).filter(isNested);
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
