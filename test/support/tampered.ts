import { check } from './bundled';
import { placeOf, reseal, type Lines, type Tampering } from './tampering';

/** Tamperings as a table of tests, whose first column is their name. */
export const named = (...tamperings: readonly Tampering[]) =>
  tamperings.map((one) => [one[0], one] as const);

/** Expects that a bundle which was tampered with, and of which the last line was made anew, is found out. */
export function expectFound(lines: Lines, key: string, [, change, said, at]: Tampering): void {
  const changed = reseal(change(lines));
  expect(changed).not.toEqual(lines);
  const { holds, problems } = check(changed, key);
  expect(holds).toBe(false);
  const found = problems.filter(({ text }) => said.test(text));
  // Where nothing that was said is it, show what was said.
  expect(found.length > 0 ? said : problems).toBe(said);
  if (at) expect(found.map(({ line }) => line)).toContain(placeOf(changed, at) + 1);
}
