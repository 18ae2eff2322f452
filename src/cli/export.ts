import { pipeline } from 'node:stream/promises';

import { ExportParameters } from '../exports/export.dto';
import { openExport, type ExportRequest } from '../exports/open-export';
import { Snapshots } from '../snapshots/snapshots';
import { withAuditParts } from '../app/audit-parts';
import { LedgerIndex } from '../read-model/ledger-index';
import { ReadModel } from '../read-model/queries';
import { readConfigured } from './configured';
import { readOptions } from './options';
import { placeToRead } from './catching-up';
import { checkFileName, OR_STANDARD_OUTPUT, writeWhole } from './whole-file';
import { counted } from '../lib/counted';

/** What to export, and where it goes. */
interface ExportOptions {
  readonly period: string | undefined;
  readonly format: string | undefined;
  readonly as_of: string | undefined;
  /** `undefined` = standard output. */
  readonly out: string | undefined;
  readonly json: boolean;
}

/**
 * Exports a period of the configured ledger in its own process, whether or not a service is running. A file gets its
 * name only when it is complete.
 */
export async function runExport(options: ExportOptions): Promise<void> {
  const { out } = options;
  const request = requestOf(options);
  const config = readConfigured();
  if (out !== undefined) await checkFileName(out, OR_STANDARD_OUTPUT);
  await withAuditParts(config, async (parts) => {
    const live = await parts.openLive();
    try {
      const place = {
        ...request,
        asOf: request.asOf ?? (await placeToRead(parts, live)),
      };
      const index = new LedgerIndex(parts.store, new ReadModel(live.queries));
      const issuer = config.invoiceIssuerName;
      const opened = await openExport({ snapshots: new Snapshots(parts), index, issuer }, place);
      try {
        const bytes = await (out === undefined
          ? write(opened.pieces, process.stdout, false)
          : writeWhole(out, (file) => write(opened.pieces, file, true), OR_STANDARD_OUTPUT));
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

/** @throws UsageError that names the wrong or missing option. */
function requestOf({ period, format, as_of }: ExportOptions): ExportRequest {
  const body = readOptions({ period, format, as_of }, ExportParameters);
  return { period: body.period, format: body.format, asOf: body.as_of };
}

/**
 * Writes no faster than the reader of the output reads. Returns the number of bytes written.
 * @throws Error of the output, such as EPIPE if its reader closed it.
 */
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
