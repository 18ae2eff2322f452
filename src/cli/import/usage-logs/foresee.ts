import { readCloudEvent } from '../../../domain/events/cloud-event';
import type { Json } from '../../../domain/events/facts';
import { refuseGaps } from './attempts';
import { factsOf } from './facts';
import type { Workspace } from './workspace';

const BATCH = 1_000;

/**
 * Refuses in the workspace what a ledger would refuse in each fact on its own, such as a duration over ten hours, and
 * the later attempts of its session: they would wait forever, because what is recorded stays. It does not see what
 * the ledger would refuse because of facts it already holds.
 */
export function foresee(workspace: Workspace, source: string): void {
  const refuse = workspace.prepare('UPDATE rows SET code = ?, detail = ? WHERE line = ?');
  const now = Date.now();
  for (const batch of factsOf(workspace, source, BATCH)) {
    for (const { number, bytes } of batch) {
      const reading = readCloudEvent(JSON.parse(bytes.toString()) as Json, now);
      if ('refusal' in reading) refuse.run(reading.refusal.code, reading.refusal.detail, number);
    }
  }
  refuseGaps(workspace);
}
