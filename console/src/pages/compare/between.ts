/** A moment of the ledger: the position that an answer is of. */
interface Moment {
  readonly position: string;
}

/** The events that were read after the earlier moment, in ledger order. `isWhole` is false if there are more. */
interface Read<Event> {
  readonly items: readonly Event[];
  readonly isWhole: boolean;
}

/** Returns those of the events that are not after the later moment. All are there if one after it was read, too. */
export function upTo<Event extends Moment>(
  { items, isWhole }: Read<Event>,
  later: Moment,
): Read<Event> {
  const within = items.filter((one) => !isAfter(one, later));
  return { items: within, isWhole: isWhole || within.length < items.length };
}

export function isAfter(one: Moment, other: Moment): boolean {
  return BigInt(one.position) > BigInt(other.position);
}
