import type { SessionWriteState } from '../domain/session/session';

/** A session's state as of a revision of its stream. */
export interface CachedSession {
  readonly state: SessionWriteState;
  /** Of the last event in the stream; -1 where there is no stream. */
  revision: number;
}

/** What writers know of sessions, bounded: the least recently used go first. It only spares reading: the append checks the revision. */
export class SessionCache {
  private readonly entries = new Map<string, CachedSession>();

  constructor(private readonly limit: number) {}

  get(sessionId: string): CachedSession | undefined {
    const entry = this.entries.get(sessionId);
    if (entry !== undefined) {
      this.entries.delete(sessionId);
      this.entries.set(sessionId, entry);
    }
    return entry;
  }

  set(sessionId: string, entry: CachedSession): void {
    this.entries.set(sessionId, entry);
    if (this.entries.size <= this.limit) return;
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }

  forget(sessionId: string): void {
    this.entries.delete(sessionId);
  }
}
