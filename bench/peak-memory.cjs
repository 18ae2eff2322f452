/**
 * Preloaded into a program (`node --require`): at exit it writes to a file how much memory and processor time the
 * program used.
 */
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  writeFileSync(
    process.env.BENCH_PEAK_FILE,
    JSON.stringify({ rss_mb: maxRSS / 1_024, cpu_seconds: cpu }),
  );
});
