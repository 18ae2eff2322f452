import { MessageChannel } from 'node:worker_threads';

import { RefusedError } from '../domain/errors';
import { StoreError } from '../event-store/errors';
import { Problem } from '../http/problem';
import { threadPort } from '../lib/thread';
import { PostgresUnavailableError } from '../postgres/unavailable';
import { Peer, type Asker } from './peer';

interface Back {
  readonly more: { readonly asked: number; readonly answer: number };
  readonly told: { readonly asked: string; readonly answer: void };
}

interface Asked {
  readonly twice: { readonly asked: number; readonly answer: number };
  readonly fail: { readonly asked: string; readonly answer: void };
  readonly askBack: { readonly asked: number; readonly answer: number };
  readonly untilStopped: { readonly asked: undefined; readonly answer: void };
  readonly note: { readonly asked: string; readonly answer: void };
}

type None = Record<never, never>;

const ERRORS: Record<string, Error> = {
  problem: new Problem('not_caught_up', 'Ask again.', { headers: { 'retry-after': '3' } }),
  refused: new RefusedError({ code: 'unknown_plan', detail: 'No such plan.', pointer: '/plan' }),
  store: new StoreError('unavailable', 'It is gone.'),
  postgres: new PostgresUnavailableError('PostgreSQL cannot be reached: the connection broke.'),
  other: new TypeError('a bug'),
};

describe('two peers', () => {
  let asking: Peer<Asked, None>;
  let close: () => void;
  let stopped: unknown;
  const noted: string[] = [];
  const reported: unknown[] = [];

  beforeEach(() => {
    stopped = undefined;
    noted.length = 0;
    reported.length = 0;
    const { port1, port2 } = new MessageChannel();
    asking = new Peer<Asked, None>(threadPort(port1), {}, (error) => reported.push(error));
    new Peer<None, Asked>(
      threadPort(port2),
      {
        twice: (number) => 2 * number,
        fail: (kind) => Promise.reject(ERRORS[kind]!),
        askBack: async (number, asker: Asker<Back>) => {
          asker.tell('told', `asked for ${number}`);
          return (await asker.ask('more', number)) + 1;
        },
        untilStopped: (_, { signal }) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => {
              stopped = signal.reason;
              reject(signal.reason as Error);
            }),
          ),
        note: (text) => void noted.push(text),
      },
      (error) => reported.push(error),
    );
    close = () => port1.close();
  });
  afterEach(() => close());

  it('answer several calls at once, and take notices', async () => {
    const answers = [1, 2, 3].map((number) => asking.ask('twice', number));
    expect(await Promise.all(answers)).toEqual([2, 4, 6]);
    asking.tell('note', 'heard');
    await asking.ask('twice', 0);
    expect(noted).toEqual(['heard']);
  });

  it.each(Object.keys(ERRORS))('fail with an error of the same kind: %s', async (kind) => {
    const sent = ERRORS[kind]!;
    const error: unknown = await asking.ask('fail', kind).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: sent.name, message: sent.message });
    for (const type of [Problem, RefusedError, StoreError, PostgresUnavailableError]) {
      expect([type.name, error instanceof type]).toEqual([type.name, sent instanceof type]);
    }
    if (sent instanceof Problem) expect((error as Problem).headers).toEqual(sent.headers);
  });

  it('may ask back before they answer', async () => {
    const told: string[] = [];
    const answer = await asking.ask<'askBack', Back>('askBack', 5, {
      back: { more: (number) => 10 * number, told: (text) => void told.push(text) },
    });
    expect([answer, told]).toEqual([51, ['asked for 5']]);
  });

  it('stop work for a caller who gives up, whose call fails once it has stopped', async () => {
    const leaving = new AbortController();
    const answer = asking.ask('untilStopped', undefined, { signal: leaving.signal });
    await asking.ask('twice', 1);
    leaving.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(stopped).toBeInstanceOf(Error);
    await expect(asking.ask('twice', 1, { signal: leaving.signal })).rejects.toThrow('gone');
  });

  it('fail pending and later calls to a peer that is gone', async () => {
    const answer = asking.ask('untilStopped', undefined);
    asking.end(new Error('it died'));
    await expect(answer).rejects.toThrow('it died');
    await expect(asking.ask('twice', 1)).rejects.toThrow('it died');
  });

  it('fail a call that cannot be copied', async () => {
    const ask = asking.ask('twice', (() => 1) as unknown as number);
    await expect(ask).rejects.toThrow(/could not be cloned/);
    expect(await asking.ask('twice', 4)).toBe(8);
  });
});
