/** Lists alternatives as people write them: `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const [last, ...others] = [...words].reverse();
  return others.length === 0 ? (last ?? '') : `${others.reverse().join(', ')} or ${last}`;
}
