import { UnavailableError, WrongExpectedVersionError } from '@eventstore/db-client';

import { NO_STREAM, type Position, type StreamAppend } from '../port';
import { Appender } from './appender';
import { Connection } from './connection';
import { NoAnswerError } from './failures';
import { OwnStreams } from './own-streams';

const APPEND: StreamAppend = {
  stream: 's',
  expectedRevision: NO_STREAM,
  events: [{ id: '00000000-0000-8000-8000-000000000001', type: 't', body: '{}', recordedAt: 1 }],
};
const THERE = 700 as Position;
const noAnswer = () => new NoAnswerError(1);
const gone = () => Object.assign(Object.create(UnavailableError.prototype) as Error, { code: 14 });
const conflict = () =>
  Object.assign(Object.create(WrongExpectedVersionError.prototype) as Error, { actualVersion: 0n });

/** Makes an appender for a server that answers each try with the next of `answers`, and then with the last again. */
function before(answers: (() => Error)[], there: Position | undefined) {
  const connection = new Connection('esdb://127.0.0.1:1?tls=false', { callMs: 50, totalMs: 40 });
  let tries = 0;
  connection.call = () => {
    tries += 1;
    return Promise.reject(answers[Math.min(tries, answers.length) - 1]!());
  };
  let looked = 0;
  const look = {
    lastRevision: () => Promise.resolve(0),
    positionOf: () => Promise.reject(new Error('Nobody asks.')),
    answerOf: () => {
      looked += 1;
      return Promise.resolve(there);
    },
  };
  const streams = new OwnStreams({ prefix: '', names: [], beginnings: [''] });
  const appender = new Appender(connection, streams, look, () => undefined);
  return { appender, looks: () => looked };
}

describe('Unexpected call.', () => {
  it.each([
    ['got no answer', noAnswer],
    ['lost its connection', gone],
  ])(
    'after a try that %s counts as appended if the stream holds its own events',
    async (_, first) => {
      const { appender } = before([first, conflict], THERE);
      expect(await appender.append([APPEND])).toEqual([{ status: 'appended', positions: [THERE] }]);
    },
  );

  it('after a try without an answer is a conflict if the stream holds other events', async () => {
    const { appender } = before([noAnswer, conflict], undefined);
    expect(await appender.append([APPEND])).toEqual([{ status: 'conflict', actualRevision: 0 }]);
  });

  it('at the first try is a conflict at once: no earlier try can have sent its ids', async () => {
    const { appender, looks } = before([conflict], THERE);
    expect(await appender.append([APPEND])).toEqual([{ status: 'conflict', actualRevision: 0 }]);
    expect(looks()).toBe(0);
  });

  it('in a later call counts as appended if an earlier call gave up on it', async () => {
    const { appender } = before([noAnswer, noAnswer, conflict], THERE);
    for (;;) {
      const [outcome] = await appender.append([APPEND]);
      if (outcome!.status !== 'failed') {
        expect(outcome).toEqual({ status: 'appended', positions: [THERE] });
        break;
      }
      expect(outcome).toMatchObject({ error: { code: 'outcome_unknown' } });
    }
  });

  it('in a copy is skipped if the stream holds its own events, and refused if it holds others', async () => {
    await before([conflict], THERE).appender.appendInOrder([APPEND]);
    await expect(before([conflict], undefined).appender.appendInOrder([APPEND])).rejects.toThrow(
      'someone else wrote to it',
    );
  });
});

describe('an append that fails', () => {
  it('is given up in time, even if the clock is set back meanwhile', async () => {
    let tries = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => {
      tries += 1;
      return Date.parse('2026-11-10T12:00:00Z') - tries * 3_600_000;
    });
    try {
      const { appender } = before([gone, gone, gone, gone, conflict], THERE);
      expect(await appender.append([APPEND])).toMatchObject([{ status: 'failed' }]);
    } finally {
      clock.mockRestore();
    }
  });
});
