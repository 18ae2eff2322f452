import { Problem } from '../../http/problem';
import type { RootArchive } from '../signed-root/root-archive';

/** How long an answer is reused, in milliseconds. Within this time the root is read once, however many clients ask. */
const FRESH_MS = 1_000;

/** Returns the newest signed root to HTTP clients. */
export class Checkpoints {
  private readAt = -Infinity;
  private reading: Promise<string | undefined> = Promise.resolve(undefined);

  /** @param isPublic whether everybody may read it, and shared caches may keep it. */
  constructor(
    private readonly archive: Pick<RootArchive, 'newest'>,
    readonly isPublic: boolean,
  ) {}

  /** Returns the signed note with its cosignatures. @throws Problem `not_found` if no root has been signed. */
  async newest(): Promise<string> {
    if (performance.now() - this.readAt > FRESH_MS) {
      this.readAt = performance.now();
      this.reading = this.archive.newest().then((root) => root?.note);
      this.reading.catch(() => (this.readAt = -Infinity));
    }
    const note = await this.reading;
    if (note === undefined) throw new Problem('not_found', 'No root has been signed yet.');
    return note;
  }
}
