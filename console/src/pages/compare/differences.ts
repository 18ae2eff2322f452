/** The fields of a line that are compared: all that a bill shows. */
const COMPARED = [
  'billing_reason',
  'transcription_type',
  'duration_seconds',
  'billed_seconds',
  'included_seconds',
  'currency',
  'cost',
  'cost_cents',
  'plan',
  'rate_card_id',
  'billing_period',
  'late',
] as const;

type Field = (typeof COMPARED)[number];
type ComparedLine = {
  readonly id: string;
  readonly completed_at: string;
  readonly currency: string;
  readonly cost: string;
  readonly cost_cents: number;
} & Readonly<Record<Field, unknown>>;

/** A line that is only on one side, or differs. `fields` names what differs; it is empty for a line on one side. */
export interface Difference {
  readonly id: string;
  readonly before: ComparedLine | undefined;
  readonly after: ComparedLine | undefined;
  readonly fields: readonly Field[];
}

/** A statement's lines, newest first. `isWhole` is false if the oldest are left out. */
export interface ComparedLines {
  readonly lines: readonly ComparedLine[];
  readonly isWhole: boolean;
}

/**
 * Returns the lines that differ between two statements: first the later one's in its order, then those that are gone.
 * A line that the other statement may have, among those that are left out, does not count.
 */
export function differencesOf(before: ComparedLines, after: ComparedLines): readonly Difference[] {
  const known = new Map(before.lines.map((line) => [line.id, line]));
  const differences: Difference[] = [];
  for (const line of after.lines) {
    const was = known.get(line.id);
    known.delete(line.id);
    if (was === undefined && mayHave(before, line)) continue;
    const fields = was === undefined ? [] : COMPARED.filter((field) => was[field] !== line[field]);
    if (was === undefined || fields.length > 0) {
      differences.push({ id: line.id, before: was, after: line, fields });
    }
  }
  for (const line of known.values()) {
    if (mayHave(after, line)) continue;
    differences.push({ id: line.id, before: line, after: undefined, fields: [] });
  }
  return differences;
}

/** Returns how much more a line bills than before, in cents, for each currency that it was or is billed in. */
export function billedChanges({ before, after }: Difference): ReadonlyMap<string, number> {
  const changes = new Map<string, number>();
  const add = (currency: string, cents: number) =>
    changes.set(currency, (changes.get(currency) ?? 0) + cents);
  if (before !== undefined) add(before.currency, -before.cost_cents);
  if (after !== undefined) add(after.currency, after.cost_cents);
  return changes;
}

/** Whether a line may be among those that are left out. Instants are written alike, so their texts compare. */
function mayHave({ lines, isWhole }: ComparedLines, { completed_at: at }: ComparedLine): boolean {
  const oldest = lines.at(-1);
  return !isWhole && (oldest === undefined || at <= oldest.completed_at);
}
