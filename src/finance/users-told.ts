import { readFact } from '../domain/events/stored';
import { LEDGER_EVENTS, STREAM_BEGINNINGS, userOfStream } from '../domain/ledger';
import { isLastPage, streamPages } from '../event-store/pages';
import { MAX_PAGE, type EventReader, type Position, type StoredEvent } from '../event-store/port';

/** Whom the events after a position concern. */
export class UsersTold {
  readonly users = new Set<string>();
  /** Whether there was an event that may concern all users: of cards, plans or periods. */
  everyone = false;

  /** @param upTo the position after which events count; later, the position of the last event read. */
  constructor(
    private readonly store: Pick<EventReader, 'readAll' | 'readStream'>,
    private upTo: number,
  ) {}

  /** Reads on, up to a position; without one, to the ledger's last event. */
  async readOn(last = Infinity): Promise<void> {
    while (this.upTo < last) {
      const page = await this.store.readAll(this.upTo as Position, MAX_PAGE);
      for (const event of page) {
        if (event.position > last) return;
        await this.add(event);
        this.upTo = event.position;
      }
      if (isLastPage(page, MAX_PAGE)) return;
    }
  }

  private async add({ stream, type, body }: StoredEvent): Promise<void> {
    if (stream.startsWith(STREAM_BEGINNINGS.account)) this.users.add(userOfStream(stream));
    else if (!stream.startsWith(STREAM_BEGINNINGS.session)) this.everyone = true;
    else if (type === LEDGER_EVENTS.sessionVoided) await this.addAllOf(stream);
    else this.addUserOf(type, body);
  }

  /** A void does not name the users of the session's facts. */
  private async addAllOf(stream: string): Promise<void> {
    for await (const page of streamPages(this.store, stream)) {
      for (const { type, body } of page) this.addUserOf(type, body);
    }
  }

  private addUserOf(type: string, body: string): void {
    const fact = readFact(type, body);
    if (fact !== undefined) this.users.add(fact.data.user_id);
  }
}
