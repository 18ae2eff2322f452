/**
 * Preloaded into the program (NODE_OPTIONS=--require): ends the process with SIGKILL right before or right after
 * (KILL_WHEN=before|after) SQLite runs the first statement that matches the regular expression KILL_SQL. The program
 * itself knows nothing of it.
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
