import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { OneSession, OneUsageLog } from '../usage/usage-logs';
import { QUESTIONS } from './questions';

const SRC = join(__dirname, '..');

/** Heavy questions whose route has the usual rate limit: a reader's page asks for them, and they read a bounded part. */
const USUAL_LIMIT: Readonly<Record<string, string>> = {
  UsageTrend: 'one user, at most 400 points',
  UsageTotals: 'one user, a row for each month',
  OneUsageLog: 'one session',
  BillingPeriods: 'a few rows for each month',
};

/** The questions of `questions.ts` that are heavy whatever their parameters. */
function heavyOnes(): string[] {
  const source = readFileSync(join(__dirname, 'questions.ts'), 'utf8');
  return [...source.matchAll(/\n {2}kind\(\s*(\w+),([^]*?)(?=\n {2}kind\(|\n\]\))/g)]
    .filter(([, , rest]) => /\bHEAVY\b/.test(rest!))
    .map(([, name]) => name!);
}

/** The questions that routes ask, with whether the route is costly. */
function asked(): [name: string, isCostly: boolean][] {
  const controllers = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.controller.ts'))
    .map((name) => readFileSync(join(SRC, name), 'utf8'));
  return controllers
    .flatMap((text) => text.split('@Roles(').slice(1))
    .flatMap((route) =>
      [...route.matchAll(/\bnew (\w+)\(/g)]
        .filter(([, name]) => QUESTIONS.has(name!))
        .map(([, name]): [string, boolean] => [name!, /^[^)]*isCostly: true/.test(route)]),
    );
}

describe('a heavy question', () => {
  it('has a route with the rate limit of costly requests, or a reason why not', () => {
    const heavy = heavyOnes();
    expect(heavy.length).toBeGreaterThan(5);
    const usual = asked().filter(([name, isCostly]) => heavy.includes(name) && !isCostly);
    expect(usual.map(([name]) => name).sort()).toEqual(Object.keys(USUAL_LIMIT).sort());
  });
});

describe("a reader's question about a session in the past", () => {
  // Otherwise the time that the refusal takes would say whether the session exists, and whose it is.
  it('reads the events of the only user whom the reader may see, whoever the session belongs to', () => {
    const scopeOf = (question: OneSession | OneUsageLog) =>
      QUESTIONS.get(question.constructor.name)!.scope(question as never);
    for (const [onlyUser, scope] of [
      ['bob', { users: ['bob'] }],
      [null, { session: 'anns' }],
    ] as const) {
      expect(scopeOf(new OneSession('anns', onlyUser, '5'))).toEqual(scope);
      expect(scopeOf(new OneUsageLog('anns~1', onlyUser, '5'))).toEqual(scope);
    }
  });
});
