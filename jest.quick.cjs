const everything = require('./jest.config.cjs');

/** What `npm run test:quick` runs: everything but the long tests (CONTRIBUTING.md). */
module.exports = {
  ...everything,
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.spec\\.ts$'],
};
