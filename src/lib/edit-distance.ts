/**
 * Returns how many characters must be inserted, removed, replaced or swapped with their neighbour to turn one text into
 * another. Takes time proportional to the product of both lengths: for names, not for long texts.
 */
export function editDistance(one: string, other: string): number {
  let twoBefore: number[] = [];
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let least = Math.min(
        before[column]! + 1,
        now[column - 1]! + 1,
        before[column - 1]! + (isSame ? 0 : 1),
      );
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && isSwapped) least = Math.min(least, twoBefore[column - 2]! + 1);
      now.push(least);
    }
    [twoBefore, before] = [before, now];
  }
  return before[other.length]!;
}
