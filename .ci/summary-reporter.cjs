/** Ends a test run with the names of skipped tests and one line of counts. A suite that could not run counts as failed. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    for (const suite of results.testResults) {
      for (const test of suite.testResults) {
        if (test.status === 'pending' || test.status === 'todo')
          console.log(`skipped: ${test.fullName}`);
      }
    }
    const skipped = results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Printed at exit, to be the last line, after Jest's own summary.
    const counts = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    process.once('exit', () => console.log(counts));
  }
};
