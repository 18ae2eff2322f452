import type { Terms } from '../domain/account/terms';
import { itemOf, type Item } from '../domain/billing/item';
import { comparePlaces, FIRST_PLACE, placeOnly, type LogPlace } from '../domain/billing/place';
import { ratedFacts } from '../read-model/log-rows';
import type { RowReader, StatementKey } from '../read-model/rows';
import { keyText, readMark, Statement, type Mark } from './statement';
import { WeighedMap } from './weighed-map';

/** The most stretches that are read at once when one after another is needed. */
const MOST_AHEAD = 32;

/** The marks of a statement, and the name under which its stretches are in memory. */
interface NamedMarks {
  readonly text: string;
  readonly marks: Mark[];
}

/**
 * The logs and marks of all statements that are kept in memory. They outlive the statements themselves: if there are
 * more users than cached statements, a statement that is read again need not read its logs again.
 */
export class StretchCache {
  /** By the name of their stretch. */
  readonly items: WeighedMap<Item[]>;
  private readonly marks: WeighedMap<NamedMarks>;

  /** @param logs the most logs that are kept: some 300 bytes each. */
  constructor(logs: number) {
    this.items = new WeighedMap(logs);
    this.marks = new WeighedMap(logs);
  }

  /** Returns all marks of a statement, if they are in memory. */
  marksOf(key: StatementKey): NamedMarks | undefined {
    return this.marks.get(keyText(key));
  }

  keepMarks({ key, text }: Statement, marks: Mark[]): void {
    this.marks.set(keyText(key), { text, marks }, 1 + marks.length);
  }

  forgetMarks(key: StatementKey): void {
    this.marks.delete(keyText(key));
  }

  clear(): void {
    this.items.clear();
    this.marks.clear();
  }
}

/** Returns the name of a stretch: its statement, and the rank at which it begins unless it is the first. */
export function stretchText(statement: Statement, begin: LogPlace | undefined): string {
  if (begin === undefined) return statement.text;
  const { late_position, completed_at, session_id, attempt } = begin;
  return `${statement.text} ${late_position} ${completed_at} ${session_id} ${attempt}`;
}

/** The stretches of statements, from memory or else from their rows. */
export class Stretches {
  private ahead = 1;

  constructor(
    private readonly reader: RowReader,
    readonly cache: StretchCache,
  ) {}

  /** Returns a statement as it was written, or a new one. */
  async statement(key: StatementKey): Promise<Statement> {
    const row = await this.reader.statement(key);
    if (row === undefined) {
      this.cache.forgetMarks(key);
      return new Statement(key);
    }
    const known = this.cache.marksOf(key);
    const statement = Statement.read(row, known?.text);
    if (known !== undefined) statement.open = stretchText(statement, known.marks.at(-1)?.place);
    return statement;
  }

  /** Returns all marks of a statement, in order. */
  async marks(statement: Statement): Promise<readonly Mark[]> {
    const known = this.cache.marksOf(statement.key);
    if (known !== undefined) return known.marks;
    const marks = (await this.reader.marks(statement.key)).map(readMark);
    this.cache.keepMarks(statement, marks);
    return marks;
  }

  /** Returns a copy of a statement's marks, if they are in memory. */
  knownMarks({ key }: Statement): Mark[] | undefined {
    const known = this.cache.marksOf(key);
    return known && [...known.marks];
  }

  /**
   * Returns the logs of a stretch.
   * @param index the index of the mark at which it ends.
   */
  async items(
    statement: Statement,
    marks: readonly Mark[],
    index: number,
    terms: Terms,
  ): Promise<readonly Item[]> {
    const begin = marks[index - 1]?.place;
    const known = this.cache.items.get(stretchText(statement, begin));
    if (known !== undefined) {
      this.ahead = 1;
      return known;
    }
    const end = Math.min(index + this.ahead, marks.length + 1);
    this.ahead = Math.min(2 * this.ahead, MOST_AHEAD);
    const until = marks[end - 1]?.place;
    const rows = await this.reader.stretch(statement.key, begin ?? FIRST_PLACE, until);
    let from = 0;
    let found: readonly Item[] = [];
    for (let at = index; at < end; at += 1) {
      const items: Item[] = [];
      const next = marks[at]?.place;
      for (; from < rows.length; from += 1) {
        const row = rows[from]!;
        if (next !== undefined && comparePlaces(row, next) >= 0) break;
        items.push(itemOf(ratedFacts(row), placeOnly(row), terms));
      }
      const text = stretchText(statement, marks[at - 1]?.place);
      // What is in memory may be newer than what was read ahead.
      if (at === index) found = items;
      if (this.cache.items.get(text) === undefined) this.keep(text, items);
    }
    return found;
  }

  keep(text: string, items: Item[]): void {
    this.cache.items.set(text, items, 1 + items.length);
  }
}
