const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/console/src'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: { ignoreCodes: [151001, 151002] } }] },
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
  // The client's sources name each other as they are once built.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['reflect-metadata'],
  testTimeout: 120_000,
  // Tests wait for processes, servers and timers for a third of the time: more of them than cores keep all cores busy.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // What a spec file loads stays in its process. Run in one, the whole suite would fill the heap of Node (4 GB).
  workerIdleMemoryLimit: '1GB',
  reporters: ['default', '<rootDir>/.ci/summary-reporter.cjs'],
};
