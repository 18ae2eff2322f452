import { userOfFact } from '../domain/events/stored';
import { LEDGER_EVENTS, STREAM_BEGINNINGS, userOfStream } from '../domain/ledger';
import { streamPages } from '../event-store/pages';
import type { EventReader, Position, StoredEvent } from '../event-store/port';

const EVENTS_A_PAGE = 500;

/** Whom the events after a position concern. */
export class UsersTold {
  readonly users = new Set<string>();
  /** Whether there was an event that may concern all users: about cards, plans or periods. */
  everyone = false;

  /** @param upTo the position after which events count; later, the position of the last event read. */
  constructor(
    private readonly store: Pick<EventReader, 'readAll' | 'readStream'>,
    private upTo: number,
  ) {}

  /** Reads on, up to a position; without one, to the ledger's last event. */
  async readOn(last = Infinity): Promise<void> {
    while (this.upTo < last) {
      const page = await this.store.readAll(this.upTo as Position, EVENTS_A_PAGE);
      if (page.length === 0) return;
      for (const event of page) {
        if (event.position > last) return;
        await this.add(event);
        this.upTo = event.position;
      }
    }
  }

  private async add(event: StoredEvent): Promise<void> {
    const { stream, type } = event;
    if (stream.startsWith(STREAM_BEGINNINGS.account)) this.users.add(userOfStream(stream));
    else if (!stream.startsWith(STREAM_BEGINNINGS.session)) this.everyone = true;
    else if (type === LEDGER_EVENTS.sessionVoided) await this.addAllOf(stream);
    else this.addUserOf(event);
  }

  /** A void does not name the users of the session's facts. */
  private async addAllOf(stream: string): Promise<void> {
    for await (const page of streamPages(this.store, stream)) {
      for (const event of page) this.addUserOf(event);
    }
  }

  private addUserOf(event: Pick<StoredEvent, 'type' | 'body'>): void {
    const user = userOfFact(event);
    if (user !== undefined) this.users.add(user);
  }
}
