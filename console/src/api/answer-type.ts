/**
 * The client's own types turn lists that can't be written into objects with a list's methods, each of no use. This makes them
 * lists again.
 */
export type Plain<T> = T extends {
  readonly [Symbol.iterator]: unknown;
  readonly [index: number]: infer Item;
}
  ? T extends string
    ? T
    : readonly Plain<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Plain<T[Name]> }
    : T;
