/** Who may import whom (docs/explanation/architecture.md): a rule that a tool checks, not a wish. */
module.exports = {
  forbidden: [
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
      to: { path: '^src/', pathNot: '^src/event-store/' },
    },
    {
      name: 'adapters-are-composed-in-one-place',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/platform/stores\\.ts$', '^src/event-store/', '\\.spec\\.ts$'],
      },
      to: { path: '^src/event-store/(sqlite|memory|eventstoredb)/' },
    },
    {
      name: 'postgresql-is-spoken-to-by-its-adapters',
      comment: 'They translate its errors, and know its timeouts and types.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(postgres|read-model/postgres)/', '\\.spec\\.ts$'] },
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
