const LONG = /\.long\.spec\.ts$/;

/**
 * Ends a test run with the names of skipped tests, with how many files of long tests were left out, and with one line
 * of counts. A suite that could not run counts as failed.
 */
module.exports = class SummaryReporter {
  onRunComplete(contexts, results) {
    for (const suite of results.testResults) {
      for (const test of suite.testResults) {
        if (test.status === 'pending' || test.status === 'todo')
          console.log(`skipped: ${test.fullName}`);
      }
    }
    for (const { config, hasteFS } of contexts) {
      const leftOut = hasteFS
        .matchFiles(LONG)
        .filter((path) => config.testPathIgnorePatterns.some((one) => new RegExp(one).test(path)));
      if (leftOut.length > 0)
        console.log(
          `${leftOut.length} files of long tests were left out. npm test runs them, too.`,
        );
    }
    const skipped = results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Printed at exit, to be the last line, after Jest's own summary.
    const counts = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    process.once('exit', () => console.log(counts));
  }
};
