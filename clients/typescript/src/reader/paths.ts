import type { components, paths } from './api.js';

/** A schema of the API by its name, such as `Schema<'Summary'>`. */
export type Schema<N extends keyof components['schemas']> = components['schemas'][N];

/** The JSON answer to `GET` of a path. */
export type AnswerOf<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } };
}
  ? T
  : never;

/** The paths that can be read as JSON. */
export type ReadPath = {
  [P in keyof paths]: [AnswerOf<P>] extends [never] ? never : P;
}[keyof paths];

/** An item of a path that returns a list. */
export type ItemOf<P extends keyof paths> =
  AnswerOf<P> extends { readonly items: readonly (infer T)[]; readonly next_cursor: string | null }
    ? T
    : never;

/** The paths that return lists. */
export type ListPath = {
  [P in keyof paths]: [ItemOf<P>] extends [never] ? never : P;
}[keyof paths];

/** The path and query parameters of a path. */
export type ParametersOf<P extends keyof paths> = paths[P] extends {
  get: { parameters: infer T };
}
  ? Needed<T, 'path'> & Needed<T, 'query'>
  : never;

type Needed<T, K extends 'path' | 'query'> = K extends keyof T
  ? T[K] extends undefined
    ? { readonly [_ in K]?: undefined }
    : Pick<T, K>
  : { readonly [_ in K]?: undefined };

/** The query parameters of a path. */
export type QueryOf<P extends keyof paths> = paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? NonNullable<Q>
  : never;
