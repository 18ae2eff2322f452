import type { Projector } from '../../projections/projector';
import { withBar } from '../progress';

const LOOK_MS = 500;
/** How long a projection may stand still before it is called stuck. */
const STANDSTILL_MS = 120_000;

/**
 * Waits until everything up to a position is counted, however long that takes, as long as it goes on.
 * @throws Error if it stands still.
 */
export function catchUp(
  projector: Pick<Projector, 'status' | 'waiter'>,
  position: number,
  standstillMs = STANDSTILL_MS,
): Promise<void> {
  return withBar('counting', 'events', position, async (bar) => {
    let reached = -1;
    let moved = Date.now();
    while (!(await projector.waiter.waitFor(position, Math.min(LOOK_MS, standstillMs)))) {
      const status = projector.status();
      if (status.position > reached) {
        reached = status.position;
        moved = Date.now();
        bar.to(reached);
      } else if (Date.now() - moved >= standstillMs) {
        throw new Error(
          `The read models stand still at position ${reached} of ${position}: ${status.trouble ?? 'they do not say why'}`,
        );
      }
    }
  });
}
