import type { MessagePort } from 'node:worker_threads';

import type { PackedError } from '../../threads/pack-error';
import type { Agreement } from '../../domain/account/agreement';
import type { Checkpoint } from '../../read-model/rows';
import type { ProjectorStatus } from '../projector';

/** The messages between the serving thread and the projecting thread: a few small ones for each commit. */

/** The data that the projecting thread starts with. */
export interface ProjectionData {
  /** Whether other instances may project instead. */
  readonly shared: boolean;
  /** Whether the lease is held now. */
  readonly held: boolean;
  /** Whether another read model is taking this one's place, so that nothing may be committed yet. */
  readonly holding: boolean;
  /** How many times the lease has been lost so far. */
  readonly epoch: number;
  /** One element: 1 while somebody on another instance waits, otherwise 0. */
  readonly awaitedElsewhere: Int32Array;
}

/** The calls that the projecting thread answers. */
export interface ProjectionCalls {
  /** Something may have been appended. */
  readonly wake: { readonly asked: undefined; readonly answer: void };
  /** Somebody waits for a position, for up to `ms` milliseconds. */
  readonly awaited: {
    readonly asked: { readonly position: number; readonly ms: number };
    readonly answer: void;
  };
  readonly held: { readonly asked: boolean; readonly answer: void };
  /** The lease was lost. The argument is how many times it has been lost so far. */
  readonly lost: { readonly asked: number; readonly answer: void };
  /** Another instance has committed up to a position. */
  readonly announced: { readonly asked: number; readonly answer: void };
  /** Once this is answered, nothing is committed until `release`. */
  readonly hold: { readonly asked: undefined; readonly answer: void };
  readonly reopen: { readonly asked: undefined; readonly answer: void };
  readonly release: { readonly asked: undefined; readonly answer: void };
  /** A port to the event store, if the store is reached through another thread. */
  readonly storePort: { readonly asked: MessagePort; readonly answer: void };
  readonly close: { readonly asked: undefined; readonly answer: void };
}

/** A checkpoint. `agreement` is `undefined` if it is the same as before. */
export interface Advanced {
  readonly checkpoint: Omit<Checkpoint, 'agreement'>;
  readonly agreement: Agreement | null | undefined;
  /** How many times the lease had been lost when the checkpoint was reached. */
  readonly epoch: number;
}

/** The calls that the serving thread answers. */
export interface ServingCalls {
  readonly advanced: { readonly asked: Advanced; readonly answer: void };
  readonly status: { readonly asked: ProjectorStatus; readonly answer: void };
  /** The thread is alive: its event loop still turns. */
  readonly alive: { readonly asked: undefined; readonly answer: void };
  readonly report: { readonly asked: PackedError; readonly answer: void };
  /** The thread could not open its connections, so it is of no use. */
  readonly failed: { readonly asked: PackedError; readonly answer: void };
  /** Answered once the lease is held. */
  readonly take: { readonly asked: undefined; readonly answer: void };
  readonly letGo: { readonly asked: undefined; readonly answer: void };
  readonly announce: { readonly asked: number; readonly answer: void };
  /**
   * The projector met a close under which earlier events must be folded again; the argument explains it to a person.
   * Answered once the read model has been derived again.
   */
  readonly derive: { readonly asked: string; readonly answer: void };
  readonly storePortWanted: { readonly asked: undefined; readonly answer: void };
}
