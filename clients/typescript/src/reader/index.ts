export { ClientError, isClientError, type ClientErrorCode } from '../errors.js';
export type { Key } from '../key.js';
export { valueOf, type Answer, type Bad, type Good } from './answer.js';
export type { components, paths } from './api.js';
export {
  Entitlements,
  type Decision,
  type EntitlementsOptions,
  type Wanted,
} from './entitlements.js';
export { isLedgerError, LedgerError, type LedgerErrorCode } from './ledger-error.js';
export { Listing, type Page } from './listing.js';
export type {
  AnswerOf,
  ItemOf,
  ListPath,
  ParametersOf,
  QueryOf,
  ReadPath,
  Schema,
} from './paths.js';
export { Reader, type ReaderOptions, type ReadOptions } from './reader.js';
