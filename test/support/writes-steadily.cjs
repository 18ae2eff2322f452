// Writes to an SQLite file, one short transaction after the other, until its parent says something. Then it says how
// often it wrote, and how long the slowest write took, in milliseconds.
const Database = require('better-sqlite3');

const db = new Database(process.argv[2], { timeout: 60_000 });
// A sync of the disk is no wait for a lock.
db.pragma('synchronous = OFF');
db.exec('CREATE TABLE written (at INTEGER)');
const add = db.prepare('INSERT INTO written VALUES (?)');
let writes = 0;
let longestMs = 0;
let isOver = false;
process.on('message', () => (isOver = true));

function write() {
  if (isOver) return process.send({ writes, longestMs }, () => process.disconnect());
  const before = performance.now();
  add.run(writes);
  longestMs = Math.max(longestMs, performance.now() - before);
  writes += 1;
  setTimeout(write, 1);
}

write();
process.send('writes');
