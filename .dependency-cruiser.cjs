/** Who may import whom (docs/explanation/architecture.md): a rule that a tool checks, not a wish. */

/**
 * The floors of the house, from the ground up: a folder imports those before it, never those after it.
 * `checker` stands apart and has rules of its own.
 */
const FLOORS = [
  'lib',
  'domain',
  'event-store',
  'config',
  'logging',
  'kept',
  'personal',
  'postgres',
  'http',
  'threads',
  'security',
  'metrics',
  'read-model',
  'projections',
  'ledger',
  'tracing',
  'snapshots',
  'usage',
  'erasure',
  'jobs',
  'webhooks',
  'alerts',
  'proofs',
  'audit',
  'listing',
  'exports',
  'replay',
  'reconcile',
  'bundles',
  'verify',
  'finance',
  'ingestion',
  'cluster',
  'migration',
  'operations',
  'console',
  'guide',
  'app',
  'cli',
];

const upward = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `nothing-above-${floor}`,
  comment: 'An arrow would run back up (docs/explanation/architecture.md).',
  severity: 'error',
  from: { path: `^src/${floor}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: `^src/(${FLOORS.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'every-folder-has-its-floor',
      severity: 'error',
      from: { path: `^src/(?!(${FLOORS.join('|')}|checker)/)[^/]+/` },
      to: {},
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The domain imports nothing of ours, and of packages decimal.js alone (and hashing).',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^src/domain/', 'node_modules/decimal\\.js', '^(node:)?crypto$'] },
    },
    {
      name: 'event-store-knows-no-billing',
      severity: 'error',
      from: { path: '^src/event-store/' },
      to: { path: '^src/', pathNot: '^src/(event-store|lib)/' },
    },
    {
      name: 'adapters-are-composed-in-one-place',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/app/(threads/)?stores\\.ts$', '^src/event-store/', '\\.spec\\.ts$'],
      },
      to: { path: '^src/event-store/[^/]+/' },
    },
    {
      name: 'postgresql-is-spoken-to-by-its-adapters',
      comment: 'They translate its errors, and know its timeouts and types.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/(postgres|cluster|read-model/postgres)/', '\\.spec\\.ts$'],
      },
      to: { path: 'node_modules/pg/' },
    },
    {
      name: 'checker-is-independent',
      comment:
        'What checks a bundle shares no code with the service that wrote it, and needs node alone.',
      severity: 'error',
      from: { path: '^src/checker/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^src/checker/', '^(node:)?(crypto|fs|fs/promises|stream|zlib|util)$'] },
    },
    {
      name: 'service-borrows-nothing-of-its-checker',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/checker/', '^src/cli', '\\.spec\\.ts$'] },
      to: { path: '^src/checker/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
