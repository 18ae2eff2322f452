import { Logger } from '@nestjs/common';

import { PostgresUnavailableError } from '../../postgres/unavailable';
import { reportTo } from './start';

describe('the report of a part', () => {
  let lines: string[];
  let now: number;
  beforeEach(() => {
    lines = [];
    now = 1_000_000;
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

  it('logs an error that comes every second once a minute', () => {
    const report = reportTo('webhooks');
    for (let second = 0; second < 120; second += 1) {
      report(new PostgresUnavailableError('PostgreSQL cannot be reached.'));
      now += 1_000;
    }
    expect(lines).toEqual(Array(2).fill('warn: PostgreSQL cannot be reached.'));
  });

  it('logs another error at once, and the first one again after it', () => {
    const report = reportTo('webhooks');
    for (const text of ['one', 'two', 'one']) report(new PostgresUnavailableError(text));
    report('a bug');
    expect(lines).toEqual(['warn: one', 'warn: two', 'warn: one', 'error: a bug']);
  });

  it('keeps parts apart', () => {
    for (const part of ['webhooks', 'keys']) reportTo(part)('the same');
    expect(lines).toHaveLength(2);
  });
});
