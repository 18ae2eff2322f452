/**
 * Why a store could not do what was requested.
 * - `unavailable`: nothing is known to be written; trying again is safe and may help.
 * - `outcome_unknown`: it may have been written; the same append again is safe.
 * - `locked`: another process holds the store; the message names it.
 * - `refused`: the request or the store's file is wrong; trying again does not help.
 */
export type StoreErrorCode = 'unavailable' | 'outcome_unknown' | 'locked' | 'refused';

/** An error of an event store. Its message tells a person what to do, and holds no connection string. */
export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}
