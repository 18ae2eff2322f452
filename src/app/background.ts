import { createHash } from 'node:crypto';

import { Logger } from '@nestjs/common';

import type { Config } from '../config/config';
import type { Lease } from '../projections/lease';
import { ThreadPool } from '../threads/pool';
import { BackgroundCheck } from '../verify/background-check';
import type { VerifyResult } from '../verify/verify';
import type { Happening } from '../webhooks/happenings';
import { checkOnThread, type Workers } from './threads/pooled';
import { startWorker } from './threads/worker';

/** After how long without a pass the thread is ended. */
const IDLE_MS = 5_000;
const TOLD_FAULTS = 20;

export interface BackgroundParts {
  readonly config: Config;
  readonly lease: Pick<Lease, 'held'>;
  /** How many events the newest signed root covers. */
  readonly signedSize: () => number;
  /** Has webhooks told of something, once. */
  readonly tell: (happening: Happening) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** The background check, on a thread of its own: it never keeps a report or a replay waiting. */
interface Background {
  readonly check: BackgroundCheck;
  close(): Promise<void>;
}

export function openBackground({ config, lease, signedSize, tell, now, report }: BackgroundParts) {
  const share = config.backgroundCheckShare;
  const logger = new Logger('background check');
  const pool: Workers = new ThreadPool(
    () => startWorker(config),
    { threads: 1, idleMs: IDLE_MS },
    report,
  );
  const check = new BackgroundCheck({
    share,
    pass: (signal, onProgress) => checkOnThread(pool, share, signal, onProgress),
    isOnDuty: () => lease.held,
    canBegin: () => signedSize() > 0,
    alarm: async (found) => {
      logger.error(sentenceOf(found));
      await tell(happeningOf(found, now())).catch(report);
    },
    now,
    report,
  });
  return {
    check,
    close: async () => {
      await check.close();
      await pool.close();
    },
  } satisfies Background;
}

/** Places, no words of the faults: they may name a user. */
function sentenceOf({ faults, items, events }: VerifyResult): string {
  const places = items.slice(0, TOLD_FAULTS).map(({ kind, position }) => {
    return position === null ? kind : `${kind} at position ${position}`;
  });
  return `${faults} FAULTS in ${events} events: ${[...new Set(places)].join(', ')}. Run verify, which says what each is. Delete nothing before you know why (docs/how-to/check-the-ledger.md).`;
}

/** The same faults are told of once, however often they are found. */
function happeningOf({ faults, items, events, position, root }: VerifyResult, at: number) {
  const told = items.slice(0, TOLD_FAULTS);
  const hash = createHash('sha256')
    .update(JSON.stringify([faults, told]))
    .digest('hex');
  return {
    key: `background-check ${hash}`,
    type: 'minutebook.verification.failed',
    at,
    data: { faults, items: told, events, position, root },
  } satisfies Happening;
}
