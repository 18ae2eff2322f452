export { durationSeconds, type Duration, type Frames } from './producer/duration.js';
export {
  factId,
  type CloudEvent,
  type Completed,
  type Failed,
  type FactKind,
  type FactOptions,
  type Facts,
  type Retried,
  type Started,
} from './producer/facts.js';
export type { ProducerOptions } from './producer/options.js';
export { Producer, type KeptFact } from './producer/producer.js';
export type { Reports, SettledFact, Trouble } from './producer/reports.js';
export type { RefusedFact } from './spool/refused.js';
export * from './reader/index.js';
