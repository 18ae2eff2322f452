import { randomUUID } from 'node:crypto';

import { jsonDigest } from '../domain/events/stored';
import type { Json } from '../domain/events/facts';
import {
  sessionOfStream,
  writeLedgerEvent,
  type LedgerEventData,
  type LedgerEventType,
} from '../domain/ledger';
import { StoreError } from '../event-store/errors';
import type { EventStore, StoredEvent } from '../event-store/port';
import { caughtUp } from './caught-up';
import { lastRevisionOf } from './last-revision';
import type { Recorder } from './recorder';
import { Problem } from '../http/problem';
import type { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { requestRow, requestScope } from '../projections/request-row';
import type { ReadModel } from '../read-model/queries';

const CONFLICT_TRIES = 5;

/** Who made a request: in the request, unless the event's own data says it (docs/adr/0072). */
type Author<Data> = Data extends { readonly author: string }
  ? { readonly author?: never }
  : { readonly author: string };

/** What finance wants written: an event of a type on a stream, under an idempotency key. */
export type WriteRequest<T extends LedgerEventType> = Author<LedgerEventData[T]> & {
  readonly type: T;
  readonly stream: string;
  readonly key: string;
  /** The body as sent. The same key with another body is refused. */
  readonly body: Json;
};

/** The moment of a decision: nothing is recorded between it and the event that it leads to. */
export interface Moment {
  /** The recorded time of the event, in milliseconds since 1970. */
  readonly now: number;
  /** The position of the ledger's last event. The read model has caught up with it. */
  readonly head: number;
}

/** What to write, or that nothing needs to change. */
export type Decision<T extends LedgerEventType> =
  | {
      readonly data: LedgerEventData[T];
      /** What the answer holds besides the event. */
      readonly complete?: object;
    }
  | { readonly unchanged: object };

export interface WriteAnswer {
  /** 201 if an event was recorded for this request, now or before; 200 if none was needed. */
  readonly status: 200 | 201;
  readonly body: object;
}

/**
 * Writes finance's events. What it writes depends on the state of the ledger. So no fact is recorded while it decides,
 * and it decides on a read model that has caught up. One request at a time.
 */
export class LedgerWriter {
  constructor(
    private readonly store: EventStore,
    private readonly recorder: Recorder,
    private readonly projector: Pick<ThreadedProjector, 'waiter'>,
    private readonly readModel: ReadModel,
  ) {}

  /**
   * Does the slow part of a decision beforehand, while events are recorded, on a read model that has caught up.
   * Skipped (`undefined`) if the request was answered before. What it finds may have changed by the decision.
   * @throws Problem `not_caught_up`, and whatever `work` throws.
   */
  async prepare<T extends LedgerEventType, R>(
    request: WriteRequest<T>,
    work: (moment: { readonly now: number }) => Promise<R>,
  ): Promise<R | undefined> {
    await this.caughtUp();
    const taken = await this.taken(request);
    return taken === undefined ? work({ now: this.recorder.earliestStamp() }) : undefined;
  }

  /**
   * @throws Problem `idempotency_key_reused`, `not_caught_up`, and whatever `decide` throws; StoreError if the store
   * could not write: the same request again is safe.
   */
  write<T extends LedgerEventType>(
    request: WriteRequest<T>,
    decide: (moment: Moment) => Promise<Decision<T>>,
  ): Promise<WriteAnswer> {
    const digest = jsonDigest(request.body);
    return this.recorder.exclusively(async (stamp, alone) => {
      for (let tries = 0; tries < CONFLICT_TRIES; tries += 1) {
        // Read before the decision. If another instance writes to the stream meanwhile, the append conflicts and the
        // decision is taken again.
        const revision = await lastRevisionOf(this.store, request.stream);
        const head = await this.caughtUp();
        const taken = await this.taken(request);
        if (taken !== undefined) return again(taken.digest === digest, taken.answer);
        const now = stamp();
        const decision = await decide({ now, head });
        if ('unchanged' in decision) {
          return { status: 200, body: { ...decision.unchanged, position: String(head) } };
        }
        alone.check();
        const answer = await this.append(request, digest, decision, { revision, now });
        if (answer !== undefined) return { status: 201, body: answer };
      }
      throw new StoreError(
        'unavailable',
        'Others keep writing to the same stream. Send the request again.',
      );
    });
  }

  /** Returns the answer under a request's key; `undefined` if there was none. The read model must have caught up. */
  private taken<T extends LedgerEventType>({ type, stream, key }: WriteRequest<T>) {
    return this.readModel.read((rows) => rows.request(requestScope(type, stream), key));
  }

  private caughtUp(): Promise<number> {
    const { store, recorder, projector, readModel } = this;
    const parts = { store, recorder, projector, readModel };
    return caughtUp(parts, 'finance decides on the whole ledger');
  }

  /** Returns the answer; `undefined` if another instance wrote to the stream in between. */
  private async append<T extends LedgerEventType>(
    { type, stream, key, author }: WriteRequest<T>,
    digest: string,
    { data, complete }: Extract<Decision<T>, { readonly data: unknown }>,
    { revision: expectedRevision, now: recordedAt }: { revision: number; now: number },
  ): Promise<object | undefined> {
    // Another instance may answer the same request with other content, so each decision to append has an id of its own.
    const id = randomUUID();
    const body = writeLedgerEvent(data, { key, digest, author });
    const [outcome] = await this.store.append([
      { stream, expectedRevision, events: [{ id, type, body, recordedAt }] },
    ]);
    if (outcome!.status === 'conflict') return undefined;
    if (outcome!.status === 'failed') throw outcome!.error;
    if (type === 'session.voided') this.recorder.forget(sessionOfStream(stream));
    const position = outcome!.positions[0]!;
    const revision = expectedRevision + 1;
    const event: StoredEvent = { position, stream, revision, id, type, body, recordedAt };
    return JSON.parse(requestRow(event, type, complete)!.answer) as object;
  }
}

function again(sameBody: boolean, answer: string): WriteAnswer {
  if (sameBody) return { status: 201, body: JSON.parse(answer) as object };
  throw new Problem(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another body. Send a new request under a new key.',
  );
}
