/** The key is kept only here, in the memory of this tab: a reload forgets it. */
let held = '';

export const credential = (): string => held;

export function hold(key: string): void {
  held = key;
}
