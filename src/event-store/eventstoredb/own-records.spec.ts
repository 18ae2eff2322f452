import type { NewEvent, Position, StreamAppend } from '../port';
import { OwnRecords } from './own-records';
import { OwnStreams } from './own-streams';

const RECORDED = Date.parse('2026-11-26T00:00:00Z');

function anEvent(id: string, body = '{"a":1}'): NewEvent {
  return { id, type: 'transcription.session.started', body, recordedAt: RECORDED };
}

/** A server's log, with records one right after the other. */
class Log {
  readonly own = new OwnRecords(new OwnStreams({ prefix: 'p.', names: [], beginnings: [''] }));
  end = 1_000;

  /** Writes an append at the end of the log. Returns the position of its last event. */
  write({ stream, events, expectedRevision }: StreamAppend): Position {
    let last = 0;
    events.forEach((event, index) => {
      last = this.end;
      const stored = {
        ...event,
        stream,
        position: last as Position,
        revision: expectedRevision + 1 + index,
      };
      this.end = this.own.endOf(stored, events.length - 1 - index);
    });
    return last as Position;
  }

  /** Writes an append of this process. */
  writeOwn(append: StreamAppend): Position {
    const last = this.write(append);
    this.own.note(append, last);
    return last;
  }
}

const append = (stream: string, ...events: NewEvent[]): StreamAppend => ({
  stream,
  expectedRevision: -1,
  events,
});

describe('what this process appended itself', () => {
  it('is returned as it was sent, for as long as it follows without a gap', () => {
    const log = new Log();
    log.writeOwn(append('session-a', anEvent('1'), anEvent('2', '{"b":"ü"}')));
    const last = log.writeOwn(append('session-b', anEvent('3')));
    const { events, end } = log.own.take(1_000, 10);
    expect(events.map(({ id, stream, revision, body }) => [id, stream, revision, body])).toEqual([
      ['1', 'session-a', 0, '{"a":1}'],
      ['2', 'session-a', 1, '{"b":"ü"}'],
      ['3', 'session-b', 0, '{"a":1}'],
    ]);
    expect(events[0]!.position).toBe(1_000);
    expect(events[2]!.position).toBe(last);
    expect(events[2]!.recordedAt).toBe(RECORDED);
    expect(end).toBe(log.end);
  });

  it('comes in the order of the log, whichever was answered first', () => {
    const log = new Log();
    const first = append('session-a', anEvent('1'));
    const second = append('session-b', anEvent('2'));
    const places = [log.write(first), log.write(second)];
    log.own.note(second, places[1]!);
    expect(log.own.take(1_000, 10).events).toEqual([]);
    log.own.note(first, places[0]!);
    expect(log.own.take(1_000, 10).events.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('stops where anything else lies between, and continues after it', () => {
    const log = new Log();
    log.writeOwn(append('session-a', anEvent('1')));
    log.write(append('session-b', anEvent('of another program')));
    const behind = log.end;
    log.writeOwn(append('session-c', anEvent('3')));
    const { events, end } = log.own.take(1_000, 10);
    expect(events.map(({ id }) => id)).toEqual(['1']);
    expect(log.own.take(end, 10).events).toEqual([]);
    expect(log.own.take(behind, 10).events.map(({ id }) => id)).toEqual(['3']);
  });

  it('stops where the parts of one append are not contiguous', () => {
    const log = new Log();
    const torn = append('session-a', anEvent('1'), anEvent('2'));
    const last = log.write(torn);
    log.own.note(torn, (last + 7) as Position);
    expect(log.own.take(1_000, 10).events).toEqual([]);
  });

  it('is returned once, in pages', () => {
    const log = new Log();
    for (const id of ['1', '2', '3']) log.writeOwn(append(`session-${id}`, anEvent(id)));
    const { events, end } = log.own.take(1_000, 2);
    expect(events).toHaveLength(2);
    expect(log.own.take(1_000, 2).events).toEqual([]);
    expect(log.own.take(end, 2).events.map(({ id }) => id)).toEqual(['3']);
  });

  it('is forgotten once it has been read from the server', () => {
    const log = new Log();
    const first = log.writeOwn(append('session-a', anEvent('1')));
    const behind = log.end;
    log.writeOwn(append('session-b', anEvent('2')));
    log.own.forget(first);
    expect(log.own.take(1_000, 10).events).toEqual([]);
    expect(log.own.take(behind, 10).events.map(({ id }) => id)).toEqual(['2']);
  });

  it('is all forgotten when it grows too large', () => {
    const log = new Log();
    const large = JSON.stringify('x'.repeat(1_000_000));
    for (let count = 0; count < 31; count += 1)
      log.writeOwn(append(`s-${count}`, anEvent('1', large)));
    expect(log.own.take(1_000, 1).events).toHaveLength(1);
    log.writeOwn(append('session-x', anEvent('2', large)));
    const behind = log.end;
    log.writeOwn(append('session-y', anEvent('3', JSON.stringify('x'.repeat(3_000_000)))));
    expect(log.own.take(behind, 1).events).toEqual([]);
    log.writeOwn(append('session-z', anEvent('4')));
    expect(log.own.take(1_000, 10).events).toEqual([]);
  });
});
