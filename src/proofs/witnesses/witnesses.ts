import type { Witness } from '../../lib/witness-policy';
import type { KeptRoot, RootArchive } from '../signed-root/root-archive';
import { WitnessAsker, type AskerParts, type WitnessStanding } from './witness-asker';

/** How often to look for roots without cosignatures that another instance, or an earlier run, left behind. */
const LOOK_MS = 60_000;

/** Gets the newest signed root cosigned by the configured witnesses. Neither signing nor recording waits for them. */
export class Witnesses {
  private readonly askers: readonly WitnessAsker[];
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    witnesses: readonly Witness[],
    private readonly parts: AskerParts & { readonly archive: Pick<RootArchive, 'newest'> },
  ) {
    this.askers = witnesses.flatMap((one) =>
      one.url === null ? [] : [new WitnessAsker({ ...one, url: one.url }, parts)],
    );
  }

  get standings(): readonly WitnessStanding[] {
    return this.askers.map(({ standing }) => standing);
  }

  start(): void {
    if (this.askers.length === 0) return;
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
    this.look();
  }

  /** Notes that a root was signed and stored. */
  kept(root: KeptRoot): void {
    for (const asker of this.askers) asker.wants(root);
  }

  /** Returns whether each witness has cosigned this many events or is in trouble, so that waiting is pointless. */
  hasSettled(size: number): boolean {
    return this.standings.every((one) => one.size >= size || one.trouble !== undefined);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await Promise.all(this.askers.map((asker) => asker.close()));
  }

  private look(): void {
    if (!this.parts.signs()) return;
    this.looking = this.parts.archive.newest().then(
      (newest) => newest && this.kept(newest),
      (error: Error) => this.parts.warn(`The newest signed root can't be read: ${error.message}`),
    );
  }
}
