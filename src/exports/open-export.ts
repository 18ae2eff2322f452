import type { LedgerIndex } from '../read-model/ledger-index';
import { standingOf } from '../usage/standing';
import { formatOf, type ExportFormat } from './formats';
import type { Snapshots } from '../snapshots/snapshots';

/** What to export. */
export interface ExportRequest {
  /** The billing period, `YYYY-MM`. */
  readonly period: string;
  readonly format: ExportFormat;
  /** A position or an RFC 3339 time; left out, what the live read model has. */
  readonly asOf: string | undefined;
}

/** What exports are made of. */
export interface ExportParts {
  readonly snapshots: Pick<Snapshots, 'open'>;
  readonly index: Pick<LedgerIndex, 'floor'>;
  /** Who sends the bill: `INVOICE_ISSUER_NAME`. */
  readonly issuer: string;
}

/** An export of one snapshot, made piece by piece as it is asked for. */
export interface OpenedExport {
  readonly pieces: AsyncGenerator<string>;
  /** The place in the ledger that it is of. */
  readonly position: number;
  /** Lets go of the snapshot; calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Opens an export, which is to be closed.
 * @throws Problem `not_caught_up` while the read model is being built, `invalid_parameter` where `asOf` names no place.
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
    return { pieces: formatOf(format).write(source), position, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
