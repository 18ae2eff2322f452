/** The key lives here, in the memory of this tab, and nowhere else: a reload forgets it. */
let held = '';

export const credential = (): string => held;

export function hold(key: string): void {
  held = key;
}
