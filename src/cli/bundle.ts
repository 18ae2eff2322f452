import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import { createGzip } from 'node:zlib';

import { makeBundle, type BundleRequest } from '../bundles/make-bundle';
import { sinkOf } from '../bundles/sink';
import type { WrittenBundle } from '../bundles/write-bundle';
import { withBundleParts } from '../app/audit-parts';
import { FULL_SPEED } from '../projections/pace';
import type { LiveParts } from '../snapshots/parts';
import { callName } from './call-name';
import { headNotReached } from './catching-up';
import { readConfigured } from './configured';
import { requestOf, type ScopeOptions } from './audit';
import { OR_STANDARD_OUTPUT, writeWhole } from './whole-file';
import { counted } from '../lib/counted';

/**
 * Makes a bundle of the configured ledger in its own process, whether or not a service is running. The file appears
 * only when it is complete. Without a file, the bundle goes to standard output.
 */
export async function runBundle(
  options: ScopeOptions & { readonly out: string | undefined; readonly json: boolean },
): Promise<void> {
  const request = requestOf(options);
  const { out } = options;
  if (out === undefined) {
    await writeTo(process.stdout, request);
    return;
  }
  const packed = out.endsWith('.gz');
  const write = (file: Writable) => writeFile(request, file, packed);
  const written = await writeWhole(out, write, OR_STANDARD_OUTPUT);
  if (options.json) console.log(JSON.stringify({ file: out, ...written }));
  else print(out, written);
  const narrowed = request.user_id !== null || request.period !== null;
  if (narrowed && written.stated === 0)
    console.error(
      'The bundle would be empty, because nothing in it is billed: check --user and --period.',
    );
}

async function writeFile(
  request: BundleRequest,
  file: Writable,
  packed: boolean,
): Promise<WrittenBundle> {
  const lines = new PassThrough();
  const piped = packed ? pipeline(lines, createGzip(), file) : pipeline(lines, file);
  // If the file can't be written, writing the lines fails with that error, which says why.
  piped.catch((error: Error) => lines.destroy(error));
  try {
    const written = await writeTo(lines, request);
    lines.end();
    await piped;
    return written;
  } catch (error) {
    lines.destroy();
    await finished(file).catch(() => undefined);
    throw error;
  }
}

function writeTo(stream: Writable, request: BundleRequest): Promise<WrittenBundle> {
  const config = readConfigured();
  return withBundleParts(config, async (parts) => {
    if (request.as_of === null) await checkCaughtUp(parts.audit);
    return makeBundle(parts, request, FULL_SPEED, sinkOf(stream));
  });
}

/** A bundle's root is signed only if the live read model has the events below it. */
async function checkCaughtUp(parts: LiveParts): Promise<void> {
  const live = await parts.openLive();
  try {
    if ((await headNotReached(parts, live)) === undefined) return;
  } finally {
    await live.close();
  }
  throw new Error(
    'The read model lags behind the ledger. Start the service and try again when it is ready, or name an earlier moment with --as-of.',
  );
}

function print(file: string, { size, root, events, left_out, stated }: WrittenBundle): void {
  console.log(
    `${file}: ${counted(events, 'event')}, hashes of ${counted(left_out, 'other')}, ${counted(stated, 'line')} of results.`,
  );
  console.log(
    `It covers the first ${counted(size, 'event')}, whose signed Merkle root is ${root}.`,
  );
  console.log(`Check it anywhere: ${callName()} check-bundle ${file} --key KEY`);
}
