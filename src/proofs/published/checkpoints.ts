import { Problem } from '../../http/problem';
import type { LastCovered } from '../last-covered';
import type { KeptRoot, RootArchive } from '../signed-root/root-archive';

/** How long an answer is reused, in milliseconds. Within this time the root is read once, however many clients ask. */
const FRESH_MS = 1_000;

interface Published extends KeptRoot {
  /** The position of the last event that the root covers; `undefined` if the read model does not have it. */
  readonly position: number | undefined;
}

/** Returns the newest signed root to HTTP clients. */
export class Checkpoints {
  private readAt = -Infinity;
  private reading: Promise<Published | undefined> = Promise.resolve(undefined);

  /** @param isPublic whether everybody may read it, and shared caches may keep it. */
  constructor(
    private readonly archive: Pick<RootArchive, 'newest'>,
    readonly isPublic: boolean,
    private readonly covered: Pick<LastCovered, 'positionOf'>,
  ) {}

  /** Returns the signed note with its cosignatures. @throws Problem `not_found` if no root has been signed. */
  async newest(): Promise<Published> {
    if (performance.now() - this.readAt > FRESH_MS) {
      this.readAt = performance.now();
      this.reading = this.read(this.reading);
      this.reading.catch(() => (this.readAt = -Infinity));
    }
    const root = await this.reading;
    if (root === undefined) throw new Problem('not_found', 'No root has been signed yet.');
    return root;
  }

  /** The position of a root is looked up once, so that it is known even while the event store does not answer. */
  private async read(before: Promise<Published | undefined>): Promise<Published | undefined> {
    const root = await this.archive.newest();
    if (root === undefined) return undefined;
    const known = await before.catch(() => undefined);
    const position = known?.size === root.size ? known.position : undefined;
    return { ...root, position: position ?? (await this.covered.positionOf(root.size)) };
  }
}
