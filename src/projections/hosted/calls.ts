import type { MessagePort } from 'node:worker_threads';

import type { PackedError } from '../../threads/pack-error';
import type { Agreement } from '../../domain/account/agreement';
import type { Checkpoint } from '../../read-model/rows';
import type { ProjectorStatus } from '../projector';

/** What goes between the thread that serves and the one that projects: a few small messages a commit. */

/** What the projecting thread is started with. */
export interface ProjectionData {
  /** Whether other instances may project instead. */
  readonly shared: boolean;
  /** Whether the lease is held now. */
  readonly held: boolean;
  /** Whether another read model is taking this one's place, so that nothing is to be committed yet. */
  readonly holding: boolean;
  /** How often the lease has been lost so far. */
  readonly epoch: number;
  /** One number: 1 while somebody on another instance waits. */
  readonly awaitedElsewhere: Int32Array;
}

/** What the projecting thread is asked and told. */
export interface ProjectionCalls {
  /** Something may have been appended. */
  readonly wake: { readonly asked: undefined; readonly answer: void };
  /** Somebody waits for a position, for so many milliseconds. */
  readonly awaited: {
    readonly asked: { readonly position: number; readonly ms: number };
    readonly answer: void;
  };
  readonly held: { readonly asked: boolean; readonly answer: void };
  /** The lease is lost, for the so manyth time. */
  readonly lost: { readonly asked: number; readonly answer: void };
  /** Another instance has committed up to a position. */
  readonly announced: { readonly asked: number; readonly answer: void };
  /** Commits nothing from the answer on. */
  readonly hold: { readonly asked: undefined; readonly answer: void };
  readonly reopen: { readonly asked: undefined; readonly answer: void };
  readonly release: { readonly asked: undefined; readonly answer: void };
  /** A way to the event store, for one that is spoken to by another thread. */
  readonly storePort: { readonly asked: MessagePort; readonly answer: void };
  readonly close: { readonly asked: undefined; readonly answer: void };
}

/** A checkpoint without the agreement if that is the same as before. */
export interface Advanced {
  readonly checkpoint: Omit<Checkpoint, 'agreement'>;
  readonly agreement: Agreement | null | undefined;
  /** How often the lease had been lost when it was seen. */
  readonly epoch: number;
}

/** What the serving thread is asked and told. */
export interface ServingCalls {
  readonly advanced: { readonly asked: Advanced; readonly answer: void };
  readonly status: { readonly asked: ProjectorStatus; readonly answer: void };
  /** It is there, and turns. */
  readonly alive: { readonly asked: undefined; readonly answer: void };
  readonly report: { readonly asked: PackedError; readonly answer: void };
  /** It could not open what it works on: the thread is of no use. */
  readonly failed: { readonly asked: PackedError; readonly answer: void };
  /** Answered once the lease is held. */
  readonly take: { readonly asked: undefined; readonly answer: void };
  readonly letGo: { readonly asked: undefined; readonly answer: void };
  readonly announce: { readonly asked: number; readonly answer: void };
  /** A close with a gap: answered when the read model was derived again. What it says is for a person. */
  readonly derive: { readonly asked: string; readonly answer: void };
  readonly storePortWanted: { readonly asked: undefined; readonly answer: void };
}
