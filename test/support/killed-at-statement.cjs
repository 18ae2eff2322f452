/**
 * Loaded before the program (NODE_OPTIONS=--require): ends the process with SIGKILL right before or right after SQLite runs the
 * first statement that KILL_SQL, a regular expression, fits (KILL_WHEN=before|after). Nothing in the program knows of it.
 */
const Database = require('better-sqlite3');

const wanted = new RegExp(process.env.KILL_SQL);
const isAfter = process.env.KILL_WHEN === 'after';
const die = () => process.kill(process.pid, 'SIGKILL');
const { prepare } = Database.prototype;

Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  if (!wanted.test(sql)) return statement;
  const { run } = statement;
  statement.run = function (...args) {
    if (!isAfter) die();
    const result = run.apply(this, args);
    die();
    return result;
  };
  return statement;
};
