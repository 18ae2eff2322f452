import { Problem } from '../../http/problem';
import type { RootArchive } from '../signed-root/root-archive';

/** How long an answer stands: however many ask, it is read once in this time. In milliseconds. */
const FRESH_MS = 1_000;

/** The newest signed root, for those who ask for it over HTTP. */
export class Checkpoints {
  private readAt = -Infinity;
  private reading: Promise<string | undefined> = Promise.resolve(undefined);

  /** @param isPublic whether it is for everybody, and may lie in caches that many share. */
  constructor(
    private readonly archive: Pick<RootArchive, 'newest'>,
    readonly isPublic: boolean,
  ) {}

  /** The signed note, with its cosignatures. @throws Problem `not_found` while no root was signed. */
  async newest(): Promise<string> {
    if (performance.now() - this.readAt > FRESH_MS) {
      this.readAt = performance.now();
      this.reading = this.archive.newest().then((root) => root?.note);
      this.reading.catch(() => (this.readAt = -Infinity));
    }
    const note = await this.reading;
    if (note === undefined) throw new Problem('not_found', 'No root was signed yet.');
    return note;
  }
}
