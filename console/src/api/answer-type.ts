/**
 * Turns the client's types for readonly lists back into lists: openapi-fetch maps them to objects that can't be used as
 * lists.
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
