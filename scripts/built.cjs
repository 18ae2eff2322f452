/**
 * Runs what `npm run build` made: `node scripts/built.cjs cli verify` runs dist/cli.js with the argument `verify`. It
 * builds nothing, because a service may be running from dist.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [name, ...args] = process.argv.slice(2);
const file = join(__dirname, '../dist', `${name}.js`);

if (existsSync(file)) {
  process.argv.splice(1, process.argv.length, file, ...args);
  require(file);
} else {
  console.error('Minutebook is not built yet. Run npm run build first.');
  process.exitCode = 1;
}
