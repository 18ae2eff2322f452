import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildClient } from '../support/client-build';
import { eventually } from '../support/eventually';
import { runOf } from '../support/process';
import { problem, StubLedger, takeAll } from '../support/stub-ledger';

/** The start of every script. `process.argv` holds the client's folder, the ledger's address and the spool. */
const HEAD = `
  const [, client, url, spool] = process.argv;
  const { Producer } = require(client + '/cjs/index.js');
  const open = (more) => new Producer({ url, spool, source: 'test/worker', onTrouble: () => undefined, ...more });
  const fact = (session_id, more) => ({ session_id, user_id: 'ann', stt_provider: 'google', duration_seconds: 5, ...more });
`;

describe('a process that reports facts', () => {
  let client: string;
  let ledger: StubLedger;
  let spool: string;
  beforeAll(() => (client = buildClient()), 600_000);
  beforeEach(async () => {
    ledger = await StubLedger.start();
    spool = mkdtempSync(join(tmpdir(), 'minutebook-exit-'));
  });
  afterEach(async () => {
    await ledger.close();
    rmSync(spool, { recursive: true, force: true });
  });

  const script = (text: string, shell = '') =>
    runOf(
      shell === ''
        ? [process.execPath, '-e', HEAD + text, client, ledger.url, spool]
        : [
            'bash',
            '-c',
            `${shell}; exec "$@"`,
            '-',
            process.execPath,
            '-e',
            HEAD + text,
            client,
            ledger.url,
            spool,
          ],
      {},
    );
  const segments = () =>
    (readdirSync(spool, { recursive: true }) as string[]).filter((path) => path.endsWith('.facts'));

  it('sends them before it ends, if it has nothing else to do', async () => {
    const ended = await script(`open().completed(fact('a'));`);
    expect(ended).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(ledger.sent).toEqual(['a/1/completed']);
    expect(segments()).toEqual([]);
  });

  it('ends in time while the ledger is down, and the next process sends them', async () => {
    ledger.answer(() => undefined);
    const run = script(`open({ exitFlushMs: 500 }).completed(fact('a'));`);
    await eventually(() => ledger.sent.length > 0);
    const since = performance.now();
    expect(await run).toMatchObject({ status: 0, stderr: '' });
    expect(performance.now() - since).toBeLessThan(15_000);
    expect(segments()).toHaveLength(1);
    ledger.answer(takeAll);
    await script(`open();`);
    expect(ledger.sent).toContain('a/1/completed');
    expect(segments()).toEqual([]);
  });

  it('loses none if it exits right after reporting them, without waiting', async () => {
    await script(`
      const producer = open();
      for (let at = 0; at < 2500; at += 1) producer.completed(fact('s-' + at));
      process.exit(0);
    `);
    expect(ledger.sent).toEqual([]);
    await script(`open().close().then((empty) => process.exit(empty ? 0 : 1));`);
    expect(new Set(ledger.sent).size).toBe(2_500);
  });

  it('warns of refused facts and of trouble, if it has no callbacks', async () => {
    ledger.answer(() => problem(400, 'invalid_json'));
    const refused = await script(`open({ onTrouble: undefined }).completed(fact('a'));`);
    expect(refused.stderr).toContain('The ledger refused a/1/completed: invalid_json.');
    ledger.answer(() => problem(503, 'overloaded'));
    const away = await script(
      `open({ onTrouble: undefined, exitFlushMs: 300 }).completed(fact('b'));`,
    );
    expect(away.stderr).toContain('overloaded: Because of overloaded.');
  });

  it('sends facts at once if the disk is full, or reports an error; what was kept is sent later', async () => {
    // No file may exceed 32 KiB: a write that goes beyond it is cut short, and fails.
    const limit = `trap '' XFSZ; ulimit -f 32`;
    const tellAll = `
      const producer = open({ exitFlushMs: 0 });
      (async () => {
        const came = {};
        for (let at = 0; at < 300; at += 1) {
          const more = { provider_metadata: { text: 'x'.repeat(700 + at) } };
          const answer = await producer.completed(fact('s-' + at, more)).catch((error) => ({ kept: error.code }));
          (came[answer.kept] ??= []).push('s-' + at + '/1/completed');
        }
        console.log(JSON.stringify(came));
        process.exit(0);
      })();
    `;
    // The ledger takes only single facts, so what is in the spool stays there.
    ledger.answer((posted) =>
      posted.events.length === 1 ? takeAll(posted) : problem(503, 'overloaded'),
    );
    const { stdout, stderr } = await script(tellAll, limit);
    expect(stderr).toBe('');
    const came = JSON.parse(stdout) as Record<string, string[]>;
    expect(came['ledger']!.length).toBeGreaterThan(1);
    expect(came['spool']!.length + came['ledger']!.length).toBe(300);
    expect(ledger.sent).toEqual(expect.arrayContaining(came['ledger']!));
    ledger.answer(takeAll);
    await script(`open().close().then((empty) => process.exit(empty ? 0 : 1));`);
    expect(new Set(ledger.sent).size).toBe(300);

    ledger.answer(() => problem(503, 'overloaded'));
    const failed = JSON.parse((await script(tellAll, limit)).stdout) as Record<string, string[]>;
    expect(failed['spool_unwritable']!.length).toBeGreaterThan(1);
    expect(failed['spool_unwritable']!.length + failed['spool']!.length).toBe(300);
    ledger.answer(takeAll);
    const sentBefore = ledger.requests.length;
    await script(`open().close().then((empty) => process.exit(empty ? 0 : 1));`);
    const sent = ledger.requests.slice(sentBefore).flatMap((one) => one.events.map(({ id }) => id));
    expect(sent).toEqual(expect.arrayContaining(failed['spool']!));
  });

  it('gives each fact one time, if several processes report the same facts', async () => {
    const tell = `
      const producer = open();
      (async () => {
        const times = [];
        for (let at = 0; at < 200; at += 1) times.push((await producer.completed(fact('s-' + at))).time);
        console.log(JSON.stringify(times));
        process.exit((await producer.close()) ? 0 : 1);
      })();
    `;
    const runs = await Promise.all([script(tell), script(tell), script(tell)]);
    expect(runs.map((run) => [run.status, run.stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect(new Set(runs.map((run) => run.stdout)).size).toBe(1);
    const times = new Map<string, Set<string>>();
    for (const { events } of ledger.requests) {
      for (const { id, time } of events) times.set(id, (times.get(id) ?? new Set()).add(time));
    }
    expect(times.size).toBe(200);
    expect([...times.values()].every((one) => one.size === 1)).toBe(true);
    expect(segments()).toEqual([]);
  });
});
