import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { ExportParameters } from '../exports/export.dto';
import { openExport, type ExportRequest } from '../exports/open-export';
import { Snapshots } from '../snapshots/snapshots';
import { placeOf } from '../snapshots/live-snapshot';
import type { AuditParts } from '../snapshots/parts';
import { withAuditParts } from '../app/audit-parts';
import { LedgerIndex } from '../read-model/ledger-index';
import { ReadModel } from '../read-model/queries';
import { readConfigured } from './configured';
import { readOptions } from './options';
import { writeWhole } from './whole-file';
import { counted } from '../lib/counted';

/** How long the live read model may take to have what the ledger has, if a service is filling it. */
const CATCH_UP_MS = 2_000;
const ASK_AGAIN_MS = 50;

/** Where an export goes, and what is said of it. */
interface ExportOptions {
  readonly period: string | undefined;
  readonly format: string | undefined;
  readonly as_of: string | undefined;
  /** `undefined` = standard output. */
  readonly out: string | undefined;
  readonly json: boolean;
}

/**
 * Exports a period from the ledger of the configuration, in a process of its own: whether a service runs on it or not.
 * A file has its name only once it is complete.
 */
export async function runExport(options: ExportOptions): Promise<void> {
  const { out } = options;
  const request = requestOf(options);
  const config = readConfigured();
  await withAuditParts(config, async (parts) => {
    const live = await parts.openLive();
    try {
      const place = { ...request, asOf: request.asOf ?? (await placeToAsk(parts, live)) };
      const index = new LedgerIndex(parts.store, new ReadModel(live.queries));
      const issuer = config.invoiceIssuerName;
      const opened = await openExport({ snapshots: new Snapshots(parts), index, issuer }, place);
      try {
        const bytes = await (out === undefined
          ? write(opened.pieces, process.stdout, false)
          : writeWhole(out, (partial) => write(opened.pieces, createWriteStream(partial), true)));
        const { period, format } = request;
        const said = { period, format, position: String(opened.position), bytes, file: out };
        if (options.json) console.log(JSON.stringify(said));
        else {
          const where = out === undefined ? '' : ` to ${out}`;
          console.error(
            `Exported ${period}${where}: ${counted(bytes, 'byte')}, as of position ${said.position}.`,
          );
        }
      } finally {
        await opened.close();
      }
    } finally {
      await live.close();
    }
  });
}

/** @throws UsageError that names the option that is wrong or missing. */
function requestOf({ period, format, as_of }: ExportOptions): ExportRequest {
  const body = readOptions({ period, format, as_of }, ExportParameters);
  return { period: body.period, format: body.format, asOf: body.as_of };
}

/**
 * Nothing if the live read model has all that the ledger has. If it does not, as no service is filling it, the
 * ledger's end: tables are then filled from the events.
 */
async function placeToAsk(
  { store }: AuditParts,
  live: Awaited<ReturnType<AuditParts['openLive']>>,
): Promise<string | undefined> {
  const head = await store.head();
  for (const until = performance.now() + CATCH_UP_MS; performance.now() < until;) {
    if ((await placeOf(live.queries)).position >= head) return undefined;
    await sleep(ASK_AGAIN_MS);
  }
  console.error('The read model is behind the ledger: reading the events instead.');
  return String(head);
}

/** Writes as fast as is read at the other end. @throws Error of the other end, such as EPIPE if it went away. */
async function write(
  pieces: AsyncIterable<string>,
  to: NodeJS.WritableStream,
  end: boolean,
): Promise<number> {
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of pieces) {
      bytes += Buffer.byteLength(piece);
      yield piece;
    }
  };
  await pipeline(counted, to, { end });
  return bytes;
}
