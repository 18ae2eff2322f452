import {
  INDEPENDENT,
  readDependence,
  storedDependence,
  type Dependence,
  type StoredDependence,
} from '../domain/billing/dependence';
import type { LogPlace } from '../domain/billing/place';
import {
  NOTHING_RATED,
  readState,
  writeState,
  type RunningState,
  type StoredState,
} from '../domain/billing/running-state';
import { StatementSums } from '../domain/billing/statement-sums';
import type { Summaries } from '../domain/billing/summary';
import type { MarkRow, StatementKey, StatementRow } from '../read-model/rows';

/** The rank at which a stretch begins, the state before it, and the dependence of the stretch that ends there. */
export interface Mark {
  readonly place: LogPlace;
  readonly state: RunningState;
  readonly stretch: Dependence;
}

/** How many statements this process has made or read. */
let made = 0;

/** A user's statement of one period, as the projection keeps it in memory: its end, and its sums. */
export class Statement {
  /** The rank of the last log. */
  last: LogPlace | undefined;
  state: RunningState = NOTHING_RATED;
  /** What its last stretch depends on. */
  stretch: Dependence = INDEPENDENT;
  /** The prices with volume tiers that its logs use. */
  volume: Dependence['volume'] = [];
  sums = new StatementSums();
  /** The name of its last stretch, if it is known. */
  open: string | undefined;

  /**
   * @param text its name in the cache of stretches. A statement that is read again keeps its old name only if its marks
   * are still cached. Otherwise the cached stretches may lack what was appended meanwhile.
   */
  constructor(
    readonly key: StatementKey,
    readonly text = `${keyText(key)} ${(made += 1)}`,
  ) {
    this.open = this.text;
  }

  static read(row: StatementRow, text?: string): Statement {
    const statement = new Statement({ user_id: row.user_id, period: row.period }, text);
    const tail = JSON.parse(row.tail) as StoredTail;
    statement.last = tail.last ?? undefined;
    if (tail.last !== null) statement.open = undefined;
    statement.state = readState(tail.state);
    statement.stretch = readDependence(tail.stretch);
    statement.volume = tail.volume ?? [];
    statement.sums = StatementSums.read(JSON.parse(row.summaries) as Summaries);
    return statement;
  }

  toRow(): StatementRow {
    const { summaries } = this.sums;
    const totals = Object.values(summaries).map(
      (one) => one.usage_cost_cents + one.adjustments_cents,
    );
    const volume = this.volume.length === 0 ? '' : `,"volume":${JSON.stringify(this.volume)}`;
    return {
      ...this.key,
      most_cents: totals.length === 0 ? 0 : Math.max(...totals),
      tail: `{"last":${JSON.stringify(this.last ?? null)},"state":${writeState(this.state)},"stretch":${writeDependence(this.stretch)}${volume}}`,
      summaries: JSON.stringify(summaries),
    };
  }
}

interface StoredTail {
  readonly last: LogPlace | null;
  readonly state: StoredState;
  readonly stretch: StoredDependence;
  readonly volume?: Dependence['volume'];
}

export function keyText({ user_id, period }: StatementKey): string {
  return `${user_id} ${period}`;
}

export function markRow({ user_id, period }: StatementKey, mark: Mark): MarkRow {
  const { late_position, completed_at, session_id, attempt } = mark.place;
  return {
    user_id,
    period,
    late_position,
    completed_at,
    session_id,
    attempt,
    state: writeState(mark.state),
    stretch: writeDependence(mark.stretch),
  };
}

export function readMark(row: MarkRow): Mark {
  const { late_position, completed_at, session_id, attempt } = row;
  return {
    place: { late_position, completed_at, session_id, attempt },
    state: readState(JSON.parse(row.state) as StoredState),
    stretch: readDependence(JSON.parse(row.stretch) as StoredDependence),
  };
}

/** The stored text of each dependence. There are few different ones. */
const written = new WeakMap<Dependence, string>();

function writeDependence(one: Dependence): string {
  let text = written.get(one);
  if (text === undefined) written.set(one, (text = JSON.stringify(storedDependence(one))));
  return text;
}
