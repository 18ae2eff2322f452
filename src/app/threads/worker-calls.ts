import type { Drafts } from '../../domain/account/drafts';
import type { BundleRequest } from '../../bundles/make-bundle';
import type { CardStart, EarlyTrial } from '../../finance/card-start';
import type { ExportRequest } from '../../exports/open-export';
import type { RebuildResult } from '../../projections/rebuild';
import type { ReconciliationResult } from '../../reconcile/add-up';
import type { ReconciliationRequest } from '../../reconcile/asked';
import type { ReconciliationProgress } from '../../reconcile/reconcile';
import type { ListFile } from '../../reconcile/reconciliations';
import type { RebuildProgress } from '../../projections/rebuild-progress';
import type { Witnessed } from '../../proofs/signed-root/root-signer';
import type { ProgressView } from '../../replay/progress';
import type { RehearsalResult } from '../../replay/rehearsal';
import type { RehearsalItem } from '../../replay/rehearsal-items';
import type { ReplayRequest, ReplayResult } from '../../replay/replay';
import type { Answered, AskedElsewhere } from '../../snapshots/answers';
import type { VerifyResult } from '../../verify/verify';
import type { Place } from '../../snapshots/places';

/** The calls that a thread of the pool answers. */
export interface WorkerCalls {
  readonly answer: { readonly asked: AskedElsewhere; readonly answer: Answered };
  readonly replay: { readonly asked: ReplayRequest; readonly answer: ReplayResult };
  readonly rehearse: {
    readonly asked: { readonly request: ReplayRequest; readonly drafts: Drafts };
    readonly answer: RehearsalResult;
  };
  readonly export: { readonly asked: ExportRequest; readonly answer: void };
  /** `now` in milliseconds since 1970. */
  readonly bundle: {
    readonly asked: { readonly request: BundleRequest; readonly now: number };
    readonly answer: void;
  };
  readonly rebuild: { readonly asked: undefined; readonly answer: RebuildResult };
  readonly readList: { readonly asked: ListFile; readonly answer: ReconciliationRequest };
  readonly reconcile: {
    readonly asked: { readonly work: string; readonly request: ReconciliationRequest };
    readonly answer: ReconciliationResult & { readonly position: string };
  };
  /** Tries a card that begins in the past, while events are recorded. */
  readonly tryCardEarly: { readonly asked: CardStart; readonly answer: EarlyTrial };
  /**
   * Whether a card that begins in the past may be published: it must begin in an open period, and change no log's
   * seconds or cost.
   */
  readonly cardMayStart: {
    readonly asked: { readonly start: CardStart; readonly early: EarlyTrial | undefined };
    readonly answer: boolean;
  };
  readonly check: { readonly asked: { readonly share: number }; readonly answer: VerifyResult };
  readonly close: { readonly asked: undefined; readonly answer: void };
}

/** The call to the serving thread that any task about the past may make. */
export interface PlaceCalls {
  /** The position that an `as_of` means. */
  readonly placeOf: { readonly asked: string; readonly answer: Place };
}

/** The calls of a replay to the serving thread. */
export interface ReplayCalls extends PlaceCalls {
  readonly progress: { readonly asked: ProgressView; readonly answer: void };
}

/** The calls of a background check to the serving thread. `progress` carries how many events it has read. */
export interface CheckCalls {
  readonly progress: { readonly asked: number; readonly answer: void };
}

/** The calls of a rehearsal to the serving thread. */
export interface RehearsalCalls extends ReplayCalls {
  readonly items: { readonly asked: readonly RehearsalItem[]; readonly answer: void };
}

/** The calls of an export to the serving thread. */
export interface ExportCalls extends PlaceCalls {
  /** The export is open, as of this position. */
  readonly begun: { readonly asked: number; readonly answer: void };
  /** Answered once the reader has taken the piece. */
  readonly piece: { readonly asked: Uint8Array; readonly answer: void };
}

/** The calls of a bundle to the serving thread. */
export interface BundleCalls extends PlaceCalls {
  /** The bundle is open; this is the position of its last event. */
  readonly begun: { readonly asked: number; readonly answer: void };
  readonly sign: {
    readonly asked: { readonly size: number; readonly root: string };
    readonly answer: {
      readonly note: string;
      readonly verifierKey: string;
      readonly handovers: readonly string[];
    };
  };
  readonly witnessed: { readonly asked: number; readonly answer: readonly Witnessed[] };
  readonly turn: { readonly asked: undefined; readonly answer: void };
  readonly piece: { readonly asked: Uint8Array; readonly answer: void };
}

/** The calls of a rebuild to the serving thread. */
export interface RebuildCalls {
  readonly progress: { readonly asked: RebuildProgress; readonly answer: void };
  readonly goal: { readonly asked: undefined; readonly answer: number };
  readonly hold: { readonly asked: undefined; readonly answer: void };
  readonly begin: { readonly asked: undefined; readonly answer: void };
  /** The switch has ended. `true` if a new read model took the live one's place. */
  readonly end: { readonly asked: boolean; readonly answer: void };
  readonly release: { readonly asked: undefined; readonly answer: void };
}

/** The calls of a reconciliation to the serving thread. */
export interface ReconcileCalls {
  readonly progress: { readonly asked: ReconciliationProgress; readonly answer: void };
}
