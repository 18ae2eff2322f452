import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from './problem';
import { ProblemFilter } from './problem.filter';
import { RouteTable } from './route-table';

describe('the log of requests that fail', () => {
  let lines: string[];
  let now: number;
  let filter: ProblemFilter;
  const reply = { status: itself, headers: itself, type: itself, send: itself };
  function itself(): unknown {
    return reply;
  }
  const fail = (error: unknown) =>
    filter.answer(error, {} as FastifyRequest, reply as unknown as FastifyReply);

  beforeEach(() => {
    lines = [];
    now = 1_000_000;
    filter = new ProblemFilter(new RouteTable());
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    for (const level of ['warn', 'error'] as const) {
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation(
          (...said: unknown[]) => void lines.push(`${level}: ${String(said[0])}`),
        );
    }
  });
  afterEach(() => jest.restoreAllMocks());

  it('has the same reason for 503 once a minute, with how many were left out', () => {
    for (let second = 0; second < 120; second += 1) {
      fail(new Problem('store_unavailable', 'It is gone.'));
      now += 1_000;
    }
    expect(lines).toEqual([
      'warn: store_unavailable: It is gone.',
      'warn: store_unavailable: It is gone. (59 more since this was last logged)',
    ]);
  });

  it('takes reasons that differ only in positions for the same, and keeps others apart', () => {
    for (let position = 1; position < 5; position += 1) {
      fail(new Problem('not_caught_up', `The read model is at position ${position}.`));
      fail(new Problem('overloaded', 'Too much waits.'));
    }
    expect(lines).toEqual([
      'warn: not_caught_up: The read model is at position 1.',
      'warn: overloaded: Too much waits.',
    ]);
  });

  it('has every error of the program', () => {
    for (let time = 0; time < 3; time += 1) fail('a bug');
    expect(lines).toEqual(Array(3).fill('error: a bug'));
  });
});
