import { withVerifyParts } from '../app/audit-parts';
import { verify, type VerifyResult } from '../verify/verify';
import { readConfigured } from './configured';
import { withProgress } from './audit';
import { Progress } from './progress';

/**
 * Checks the ledger of the configuration from its first event to its last, in a process of its own: whether a service
 * runs on it or not. Exit status 0 only where everything follows.
 */
export async function runVerify(options: {
  readonly keys: readonly string[] | undefined;
  readonly json: boolean;
}): Promise<void> {
  const config = readConfigured();
  const result = await withVerifyParts(config, options.keys, async (parts) => {
    const shown = !options.json;
    const reading = shown ? new Progress('reading', 'events', 0) : undefined;
    return withProgress(shown, (replayed) =>
      verify(parts, {
        scanned: (size, of) => {
          reading?.grow(of);
          reading?.to(size);
          if (size >= of) reading?.stop();
        },
        replayed,
      }),
    ).finally(() => reading?.stop());
  });
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
  if (result.faults > 0) process.exitCode = 1;
}

function print(result: VerifyResult): void {
  for (const { kind, detail } of result.items) console.log(`FAULT ${kind}: ${detail}`);
  if (result.faults > result.items.length) {
    console.log(`(${result.faults - result.items.length} more are counted, not shown)`);
  }
  console.log(
    `Read ${result.events} events, up to position ${result.position}. Their Merkle root is ${result.root}.`,
  );
  console.log(
    `Signed roots checked: ${result.signed_roots_checked}, the newest of ${result.newest_signed_root} events. Closed periods checked: ${result.closed_periods_checked}.`,
  );
  for (const { index, size, given_up, reason, author } of result.restores) {
    const sizes = given_up.map((one) => one.size);
    console.log(
      `Restored at index ${index}, when it had ${size} events (${author}: ${reason}). Given up: ${given_up.length} signed roots, of ${sizes[0] ?? 0} to ${sizes.at(-1) ?? 0} events. What they were signed for is not in this ledger.`,
    );
  }
  console.log(
    result.rows_compared === null
      ? 'The live read model was not compared.'
      : `Rows of the read model compared with a replay: ${result.rows_compared}.`,
  );
  console.log(
    result.faults === 0 ? 'Everything follows.' : `${result.faults} FAULTS, shown above.`,
  );
}
