const everything = require('./jest.config.cjs');

/** What `npm test` runs: everything but the long tests (CONTRIBUTING.md). `npm run test:all` runs those, too. */
module.exports = {
  ...everything,
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.spec\\.ts$'],
};
