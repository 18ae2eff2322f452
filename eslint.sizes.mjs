import { builtinRules } from 'eslint/use-at-your-own-risk';

/**
 * How long files and functions may be, in lines of code. Whoever needs more splits it, or adds the file to an exception
 * below with a reason that a reviewer believes.
 */
const FILE = 250;
const FUNCTION = 60;
/** A spec reads from top to bottom; what it needs to know stands in it. */
const SPEC_FILE = 300;
/** A component is mostly markup, one attribute a line. */
const COMPONENT = 100;

const SOURCE = ['src/**/*.ts', 'console/src/**/*.ts', 'console/src/**/*.tsx'];
const TESTS = ['test/**/*.ts', 'src/**/*.spec.ts', 'console/src/**/*.spec.ts'];

const limits = (max) => ['error', { max, skipBlankLines: true, skipComments: true }];

/** A function that holds tests: the callback of a `describe`, or a contract that adapters run. It is as long as they are. */
function isSuite({ body }) {
  return (body.body ?? []).some((statement) => {
    const inner = statement.type === 'ForOfStatement' ? statement.body : statement;
    let name = inner.expression;
    while (name !== undefined && name.type !== 'Identifier') {
      name = name.callee ?? name.object ?? name.tag ?? name.test;
    }
    return /^(describe|it$)/.test(name?.name ?? '');
  });
}

const perFunction = builtinRules.get('max-lines-per-function');
const exceptSuites = {
  ...perFunction,
  create: (context) =>
    perFunction.create(
      Object.create(context, {
        report: { value: (found) => isSuite(found.node) || context.report(found) },
      }),
    ),
};

const off = (rule, files) => ({ files, rules: { [rule]: 'off' } });

export const sizes = [
  {
    files: SOURCE,
    rules: { 'max-lines': limits(FILE), 'max-lines-per-function': limits(FUNCTION) },
  },
  { files: ['console/src/**/*.tsx'], rules: { 'max-lines-per-function': limits(COMPONENT) } },
  {
    files: TESTS,
    plugins: { sizes: { rules: { 'max-lines-per-function': exceptSuites } } },
    rules: {
      'max-lines': limits(SPEC_FILE),
      'max-lines-per-function': 'off',
      'sizes/max-lines-per-function': limits(FUNCTION),
    },
  },

  off('max-lines', [
    // Lists, which are read by looking something up.
    'console/src/i18n/zh-tw.ts',
    'test/support/api-calls.ts',
    // Never changed, only added to: each step is what was run on somebody's database.
    'src/read-model/migrations.ts',
    // One class that keeps one thing whole: its private state is what every method works on.
    'src/event-store/sqlite/sqlite-event-store.ts',
    'src/ledger/session-writer.ts',
    'src/projections/billing-fold.ts',
    'src/projections/folded-rows.ts',
    'src/projections/rerating.ts',
    'src/verify/verify.ts',
    // One query after the other, none longer than a screen. They share how a snapshot is read.
    'src/read-model/queries.ts',
    // Every variable of the environment, on one page.
    'src/config/config.ts',
    // One page of the console, with its parts.
    'console/src/pages/compare/compare-page.tsx',
    // Every adapter runs all of it, in this order.
    'test/contract/event-store.contract.ts',
    'test/contract/read-model.contract.ts',
    // The second opinion on every rule, one case a rule.
    'src/checker/derivation/reference.spec.ts',
    'src/reconcile/match.spec.ts',
    // One service is started for all of these cases: it takes longer than they do.
    'test/clients/typescript-producer.spec.ts',
    'test/e2e/events.spec.ts',
    'test/e2e/finance.spec.ts',
    'test/e2e/keys.spec.ts',
    'test/e2e/verify.spec.ts',
    'test/e2e/webhooks.spec.ts',
    // The grammar of generated histories.
    'test/generators/ledgers.ts',
  ]),
  off('max-lines-per-function', [
    // As above: what was run.
    'src/read-model/migrations.ts',
    // Read beside the page of rules, rule by rule.
    'src/checker/derivation/statements.ts',
    // A switch, one case an event type.
    'src/checker/events/ledger-events.ts',
    // One made-up session from its start to its end; each line may draw the next random number.
    'src/cli/demo/traffic.ts',
    // Two pages whose markup shows one answer, in the order in which it is read.
    'console/src/pages/log/session-page.tsx',
    'console/src/pages/waiting/waiting-page.tsx',
  ]),
  off('sizes/max-lines-per-function', [
    // One story from its first event to its bill, told once.
    'test/e2e/finance.spec.ts',
    'test/e2e/loop.long.spec.ts',
    'test/e2e/logs.long.spec.ts',
    'test/faults/hostile-requests.long.spec.ts',
    'test/faults/killed-and-copied.long.spec.ts',
    // One pass over every operation of the document.
    'test/e2e/openapi.spec.ts',
    'test/support/api-calls.ts',
    // Every adapter runs all of it.
    'test/contract/event-store.contract.ts',
    'test/contract/read-model.contract.ts',
    // One case a rule, on one history.
    'src/checker/derivation/reference.spec.ts',
    // A weighted choice, one entry an event type.
    'test/generators/ledgers.ts',
    // Reads every table once.
    'test/support/ledger-in-memory.ts',
  ]),
];
