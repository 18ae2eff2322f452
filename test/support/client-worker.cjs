/**
 * A worker that is killed. It transcribes one session after another, reports each step with the built client, and notes
 * every fact that the client has kept. After a restart it begins with the session that it had not finished, as a job
 * queue would, and reports its facts again.
 *
 *     node client-worker.cjs '{"client":…,"url":…,"key":…,"spool":…,"work":…,"name":…,"stop":…}'
 */
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');

const { client, url, key, spool, work, name, stop } = JSON.parse(process.argv[2]);
const { Producer } = require(join(client, 'cjs/index.js'));

const notes = join(work, `${name}.told`);
const note = (line) => appendFileSync(notes, `${JSON.stringify(line)}\n`);
const before = existsSync(notes) ? readFileSync(notes, 'utf8').split('\n') : [];
let next = before.filter((line) => line.startsWith('{"done"')).length;

const producer = new Producer({
  url,
  key,
  spool,
  source: 'test/worker',
  onRefused: ({ event, code, detail }) => note({ refused: event.id, code, detail }),
  onTrouble: () => undefined,
});

async function tell(kind, fact, session) {
  const { id, time } = await producer[kind](fact);
  note({ told: id, time });
  if (session % 3 === 0) await pause(Math.random() * 4);
}

/** Reports the facts of a session, which depend only on its number. Every fourth session fails at first. */
async function transcribe(number) {
  const of = { session_id: `${name}-${number}`, user_id: 'killed', stt_provider: 'google' };
  let attempt = 1;
  await tell('started', { ...of, attempt }, number);
  if (number % 4 === 3) {
    await tell('failed', { ...of, attempt, error_code: 'timeout' }, number);
    attempt = 2;
    await tell('retried', { ...of, attempt }, number);
    await tell('started', { ...of, attempt }, number);
  }
  const duration_seconds = { frames: 44_100 * (number % 600) + 1, rate: 44_100 };
  await tell('completed', { ...of, attempt, duration_seconds }, number);
  note({ done: number });
}

(async () => {
  // At least one session: a killed run may have left a fact in the spool that is in no note yet.
  do {
    await transcribe(next);
    next += 1;
  } while (!existsSync(stop));
  process.exit((await producer.close(20_000)) ? 0 : 3);
})();
