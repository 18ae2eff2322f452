import type { Fact } from '../domain/events/facts';
import { MemoryEventStore } from '../event-store/memory/memory-event-store';
import type { AppendOutcome, StreamAppend } from '../event-store/port';
import { Recorder } from './recorder';
import { personalKeysInMemory } from '../../test/support/personal-keys';

function started(session: string, note = ''): Fact {
  const data = { session_id: session, user_id: 'u', attempt: 1 };
  const personal = { extensions: { note } };
  return { kind: 'started', source: 'worker', id: `${session}-1`, time: 1_000, data, personal };
}

/** A store that takes few bytes at once. */
class NarrowStore extends MemoryEventStore {
  readonly maxAppendBytes = 20_000;
}

/** A store in which somebody else always writes to the session `contested` first, and cannot be read yet. */
class ContestedStore extends MemoryEventStore {
  override async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    const isLost = ({ stream }: StreamAppend) => stream === 'session-contested';
    const taken = await super.append(appends.filter((one) => !isLost(one)));
    const outcomes = [...taken];
    return appends.map((one) =>
      isLost(one) ? { status: 'conflict', actualRevision: 0 } : outcomes.shift()!,
    );
  }
}

const begin = (store: MemoryEventStore) => new Recorder(store, () => 1, personalKeysInMemory());

describe('the facts of a round', () => {
  it('get their verdicts, however often the same fact that is too large is among them', async () => {
    const store = new NarrowStore();
    const large = Array.from({ length: 8 }, () => started('a', 'x'.repeat(30_000)));
    const verdicts = await begin(store).record([...large, started('b')]);
    const refused = { status: 'rejected', refusal: { code: 'invalid_attribute' } };
    expect(verdicts).toMatchObject([...large.map(() => refused), { status: 'recorded' }]);
  });

  it('are recorded, though others keep writing to the session of one of them', async () => {
    const store = new ContestedStore();
    const recorder = begin(store);
    const contested = recorder.record([started('contested')]);
    const other = recorder.record([started('other')]);
    await expect(contested).rejects.toMatchObject({ code: 'unavailable' });
    expect(await other).toMatchObject([{ status: 'recorded' }]);
  });
});
