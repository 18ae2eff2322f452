import { check } from './bundled';
import { placeOf, reseal, type Lines, type Tampering } from './tampering';

/** Returns a table of tamperings for `it.each`, with their names in the first column. */
export const named = (...tamperings: readonly Tampering[]) =>
  tamperings.map((one) => [one[0], one] as const);

/** Expects the checker to find a tampering, even though the last line was recomputed. */
export function expectFound(lines: Lines, key: string, [, change, said, at]: Tampering): void {
  const changed = reseal(change(lines));
  expect(changed).not.toEqual(lines);
  const { holds, problems } = check(changed, key);
  expect(holds).toBe(false);
  const found = problems.filter(({ text }) => said.test(text));
  // If no problem matches, the failure shows all problems.
  expect(found.length > 0 ? said : problems).toBe(said);
  if (at) expect(found.map(({ line }) => line)).toContain(placeOf(changed, at) + 1);
}
