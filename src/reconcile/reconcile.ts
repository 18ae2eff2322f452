import { setImmediate } from 'node:timers/promises';

import type { ReadModel } from '../read-model/queries';
import { standingOf } from '../usage/standing';
import { addUp, type ReconciliationResult } from './add-up';
import type { ReconciliationRequest } from './asked';
import { comparedLogs } from './compared-logs';
import { matchLines } from './match';
import { NANO } from './nanoseconds';
import type { VendorLine } from './vendor-line';
import { WorkFile } from './work-file';

const LINES_AT_ONCE = 1_000;

/** The progress of a reconciliation. */
export interface ReconciliationProgress {
  readonly logs: number;
}

/** Puts a vendor's lines into a new work file. */
export async function collectLines(
  path: string,
  lines: Iterable<VendorLine> | AsyncIterable<VendorLine>,
): Promise<void> {
  const file = WorkFile.make(path);
  try {
    let some: VendorLine[] = [];
    for await (const line of lines) {
      some.push(line);
      if (some.length < LINES_AT_ONCE) continue;
      file.addLines(some);
      some = [];
    }
    file.addLines(some);
  } finally {
    file.close();
  }
}

/**
 * Compares the lines in a work file with the ledger's logs, and writes the outcomes into that file.
 * @param signal stops the comparison between pages.
 * @throws Problem `not_caught_up` if the read model is being built.
 */
export async function reconcile(
  path: string,
  readModel: ReadModel,
  request: ReconciliationRequest,
  report: (progress: ReconciliationProgress) => void,
  signal?: AbortSignal,
): Promise<ReconciliationResult & { readonly position: string }> {
  const file = WorkFile.open(path);
  try {
    const position = await readModel.read(async (snapshot) => {
      const { terms, position } = await standingOf(snapshot);
      file.place((instant) => terms.zone.dayOf(instant), terms.defaultCurrency);
      let logs = 0;
      for await (const page of comparedLogs(snapshot, terms, request)) {
        signal?.throwIfAborted();
        file.addLogs(page);
        logs += page.length;
        report({ logs });
      }
      return position;
    });
    const toleranceNs = Math.round(Number(request.tolerance_seconds) * NANO);
    for (const _ of matchLines(file, toleranceNs)) {
      // Other calls get their turn, and the signal is heard.
      await setImmediate();
      signal?.throwIfAborted();
    }
    return { ...addUp(file), position: String(position) };
  } finally {
    file.close();
  }
}
