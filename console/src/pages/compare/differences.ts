/** What of a line is compared: all that a bill shows. */
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

/** A line that is on one side only, or differs. */
export interface Difference {
  readonly id: string;
  readonly before: ComparedLine | undefined;
  readonly after: ComparedLine | undefined;
  readonly fields: readonly Field[];
}

/** The lines of two statements that are not the same on both, those of the later one first. */
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
