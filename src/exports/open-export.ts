import type { LedgerIndex } from '../read-model/ledger-index';
import { standingOf } from '../usage/standing';
import type { ExportFormat } from './formats';
import { WRITERS } from './writers';
import type { Snapshots } from '../snapshots/snapshots';

/** What to export. */
export interface ExportRequest {
  /** The billing period, `YYYY-MM`. */
  readonly period: string;
  readonly format: ExportFormat;
  /** A position or an RFC 3339 time; `undefined` = the live read model. */
  readonly asOf: string | undefined;
}

/** What exports are made with. */
export interface ExportParts {
  readonly snapshots: Pick<Snapshots, 'open'>;
  readonly index: Pick<LedgerIndex, 'floor'>;
  /** The sender of the bill: `INVOICE_ISSUER_NAME`. */
  readonly issuer: string;
}

/** An export of one snapshot, made piece by piece as it is read. */
export interface OpenedExport {
  readonly pieces: AsyncGenerator<string>;
  /** The ledger position of the snapshot. */
  readonly position: number;
  /** Releases the snapshot. Calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Opens an export. The caller must close it.
 * @throws Problem `not_caught_up` while the read model is being built, `invalid_parameter` if `asOf` names no position
 * or time.
 */
export async function openExport(
  { snapshots, index, issuer }: ExportParts,
  { period, format, asOf }: ExportRequest,
): Promise<OpenedExport> {
  const opened = await snapshots.open(asOf);
  try {
    const { terms, position } = await standingOf(opened.snapshot);
    const { snapshot } = opened;
    const recordedAt = async (at: number) => {
      const found = await index.floor(at);
      if (found === undefined) throw new Error(`The ledger has no event at position ${at}.`);
      return found.recordedAt;
    };
    const source = { snapshot, period, terms, position, issuer, recordedAt };
    return { pieces: WRITERS[format](source), position, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
