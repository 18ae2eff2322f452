/** The fields of a line that are compared: all that a bill shows. */
const COMPARED = [
  'billing_reason',
  'transcription_type',
  'duration_seconds',
  'billed_seconds',
  'included_seconds',
  'cost',
  'cost_cents',
  'plan',
  'rate_card_id',
  'billing_period',
  'late',
] as const;

type Field = (typeof COMPARED)[number];
export type ComparedLine = {
  readonly id: string;
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

/**
 * Returns the lines that differ between two statements: first the later one's in its order, then those that are gone.
 */
export function differencesOf(
  before: readonly ComparedLine[],
  after: readonly ComparedLine[],
): readonly Difference[] {
  const known = new Map(before.map((line) => [line.id, line]));
  const differences: Difference[] = [];
  for (const line of after) {
    const was = known.get(line.id);
    known.delete(line.id);
    const fields = was === undefined ? [] : COMPARED.filter((field) => was[field] !== line[field]);
    if (was === undefined || fields.length > 0) {
      differences.push({ id: line.id, before: was, after: line, fields });
    }
  }
  for (const line of known.values()) {
    differences.push({ id: line.id, before: line, after: undefined, fields: [] });
  }
  return differences;
}
