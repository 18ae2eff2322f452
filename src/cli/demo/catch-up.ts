import type { Projector } from '../../projections/projector';
import { withBar } from '../progress';

const LOOK_MS = 500;
/** How long a projection may stand still before it counts as stuck, in milliseconds. */
const STANDSTILL_MS = 120_000;

/**
 * Waits until the read model has everything up to a position, for as long as it makes progress.
 * @throws Error if it stands still.
 */
export function catchUp(
  projector: Pick<Projector, 'status' | 'waiter'>,
  position: number,
  standstillMs = STANDSTILL_MS,
): Promise<void> {
  return withBar('counting', 'events', position, async (bar) => {
    let reached = -1;
    let moved = performance.now();
    while (!(await projector.waiter.waitFor(position, Math.min(LOOK_MS, standstillMs)))) {
      const status = projector.status();
      if (status.position > reached) {
        reached = status.position;
        moved = performance.now();
        bar.to(reached);
      } else if (performance.now() - moved >= standstillMs) {
        throw new Error(
          `The read models have stopped at position ${reached} of ${position}: ${status.trouble ?? 'they do not say why'}`,
        );
      }
    }
  });
}
