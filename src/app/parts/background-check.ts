import { createHash } from 'node:crypto';

import { Logger } from '@nestjs/common';

import { BackgroundCheck } from '../../verify/background-check';
import type { VerifyResult } from '../../verify/verify';
import type { Happening } from '../../webhooks/happenings';
import { checkOnThread } from '../threads/pooled';
import { openOwnWorkers } from '../threads/worker';
import type { Parts } from './parts';
import { reportTo, type Start } from './start';
import { counted } from '../../lib/counted';

const TOLD_FAULTS = 20;
const CONTEXT = 'background check';

/** Makes the background check, not started yet. It has its own thread, so it never keeps a report or replay waiting. */
export function openBackgroundCheck(
  { config, now, opened }: Start,
  { cluster, proofs, telling }: Pick<Parts, 'cluster' | 'proofs' | 'telling'>,
): BackgroundCheck {
  const share = config.backgroundCheckShare;
  const logger = new Logger(CONTEXT);
  const report = reportTo(CONTEXT);
  const pool = opened.keep(openOwnWorkers(config, 1, report));
  return opened.keep(
    new BackgroundCheck({
      share,
      pass: (signal, onProgress) => checkOnThread(pool, share, signal, onProgress),
      isOnDuty: () => cluster.lease.held,
      canBegin: () => proofs.keeper.signedSize > 0,
      alarm: async (found) => {
        logger.error(sentenceOf(found));
        await telling.tell(happeningOf(found, now())).catch(report);
      },
      now,
      report,
    }),
  );
}

/** Names only kinds and positions of faults: their texts may name a user. */
function sentenceOf({ faults, items, events }: VerifyResult): string {
  const places = items.slice(0, TOLD_FAULTS).map(({ kind, position }) => {
    return position === null ? kind : `${kind} at position ${position}`;
  });
  return `${counted(faults, 'FAULT', 'FAULTS')} in ${counted(events, 'event')}: ${[...new Set(places)].join(', ')}. Run verify, which explains each one. Delete nothing before you know why (docs/how-to/check-the-ledger.md).`;
}

/**
 * Makes the happening that webhooks report. Its key is a hash of the faults, so the same faults are reported once,
 * however many passes find them.
 */
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
