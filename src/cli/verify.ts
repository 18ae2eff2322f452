import { randomUUID } from 'node:crypto';

import { withVerifyParts } from '../app/audit-parts';
import { tell } from '../app/tell';
import type { Config } from '../config/config';
import { ledgerIdIn } from '../ledger/open-ledger';
import { verify, type VerifyResult } from '../verify/verify';
import { readConfigured } from './configured';
import { readWitnessFile, readWitnessPolicy } from '../lib/witness-policy';
import type { WitnessChoice } from '../verify/witnesses';
import { withProgress } from './with-progress';
import type { WitnessesGiven } from './commands/witness-options';
import { UsageError } from './usage-error';
import { Progress } from './progress';
import { counted } from '../lib/counted';

/**
 * Checks the configured ledger from its first event to its last in its own process, whether or not a service is
 * running. Exit status 0 only if everything follows.
 */
export async function runVerify(options: {
  readonly keys: readonly string[] | undefined;
  readonly witnesses: WitnessesGiven;
  readonly json: boolean;
}): Promise<void> {
  const witnesses = witnessesOf(options.witnesses);
  const config = readConfigured();
  let ledgerId: string | undefined;
  const result = await withVerifyParts(config, options.keys, async (parts) => {
    // The id may be unknown if the ledger is damaged.
    ledgerId = await ledgerIdIn(parts.store).catch(() => undefined);
    const shown = !options.json;
    const reading = shown ? new Progress('reading', 'events', 0) : undefined;
    return withProgress(shown, (replayed) =>
      verify(
        { ...parts, witnesses },
        {
          scanned: (size, of) => {
            reading?.grow(of);
            reading?.to(size);
            if (size >= of) reading?.stop();
          },
          replayed,
        },
      ),
    ).finally(() => reading?.stop());
  });
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
  if (result.faults === 0) return;
  process.exitCode = 1;
  if (ledgerId !== undefined) await tellOfFaults(config, ledgerId, result);
}

/** @throws UsageError if the witnesses or `--require` are wrong. */
function witnessesOf({ witness = [], witnesses, require: text }: WitnessesGiven): WitnessChoice {
  try {
    const listed = witnesses === undefined ? [] : readWitnessFile(witnesses);
    const lines = witness.map((key) => `witness given ${key}`);
    const given = readWitnessPolicy(lines.join('\n'));
    const keys = [...new Set([...given, ...listed].map(({ key }) => key))];
    if (text === undefined) return { keys, required: keys.length };
    if (/^\d{1,3}$/.test(text) && Number(text) <= keys.length) {
      return { keys, required: Number(text) };
    }
  } catch (error) {
    throw new UsageError(`The witnesses can't be used: ${(error as Error).message}`);
  }
  throw new UsageError('--require must be a whole number, and no more than the witnesses given.');
}

const TOLD_FAULTS = 20;

/** Queues the faults for webhooks. If that fails, the result of the check stays the same. */
async function tellOfFaults(config: Config, ledgerId: string, result: VerifyResult): Promise<void> {
  const { faults, items, events, position, root } = result;
  const data = { faults, items: items.slice(0, TOLD_FAULTS), events, position, root };
  const type = 'minutebook.verification.failed';
  try {
    await tell(config, ledgerId, { key: randomUUID(), type, at: Date.now(), data });
  } catch (error) {
    console.error(`Webhooks can't be notified: ${(error as Error).message}`);
  }
}

function print(result: VerifyResult): void {
  for (const { kind, detail } of result.items) console.log(`FAULT ${kind}: ${detail}`);
  if (result.faults > result.items.length) {
    console.log(`(${result.faults - result.items.length} more are counted, not shown)`);
  }
  console.log(
    `Read ${counted(result.events, 'event')}, up to position ${result.position}. Their Merkle root is ${result.root}.`,
  );
  console.log(
    `Signed roots checked: ${result.signed_roots_checked}, the newest of ${counted(result.newest_signed_root, 'event')}. Closed periods checked: ${result.closed_periods_checked}.`,
  );
  for (const { index, size, given_up, reason, author } of result.restores) {
    const sizes = given_up.map((one) => one.size);
    console.log(
      `Restored at index ${index}, when it had ${counted(size, 'event')} (${author}: ${reason}). Given up: ${counted(given_up.length, 'signed root')}, of ${sizes[0] ?? 0} to ${counted(sizes.at(-1) ?? 0, 'event')}. The events that they were signed for are not in this ledger.`,
    );
  }
  if (result.witnesses !== null) {
    const { given, signed } = result.witnesses;
    const each = signed.map(
      ({ name, size, at }) => `${name} (${counted(size, 'event')}, at ${at})`,
    );
    console.log(`Witnesses that cosigned: ${signed.length} of ${given}. ${each.join(', ')}`.trim());
  }
  console.log(
    result.rows_compared === null
      ? 'The live read model was not compared.'
      : `Rows of the read model compared with a replay: ${result.rows_compared}.`,
  );
  console.log(
    result.faults === 0
      ? 'Everything follows.'
      : `${counted(result.faults, 'FAULT', 'FAULTS')}, shown above.`,
  );
}
