import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { readHandover, trustedThrough } from '../../src/proofs/signed-root/handover';
import { checkNote } from '../../src/proofs/signed-root/signed-note';
import { build, run, ServingProcess } from '../support/process';
import { completed } from '../support/service';

interface Shown {
  readonly keys: readonly { readonly verifier_key: string; readonly signs: boolean }[];
  readonly handovers: readonly string[];
}

interface Root {
  readonly checkpoint: string;
  readonly verifier_keys: readonly string[];
  readonly handovers: readonly string[];
}

describe('signing keys', () => {
  let folder: string;
  let service: ServingProcess;
  const dataDir = () => ({ DATA_DIR: folder });
  const keys = async (action: 'list' | 'rotate') => {
    const { status, stdout, stderr } = await run(['signing-keys', action, '--json'], dataDir());
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Shown;
  };
  const root = async () =>
    (await (await service.fetch(`/v1/audit/root?at_least=${await post()}`)).json()) as Root;
  const post = async () => {
    const response = await service.fetch('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(completed()),
    });
    return ((await response.json()) as { position: string }).position;
  };
  const bundle = async (name: string) => {
    const file = join(folder, name);
    const made = await run(['bundle', '--out', file], dataDir());
    expect(made.status).toBe(0);
    return file;
  };
  const signed = (note: string, key: string) => 'signed' in checkNote(note, [key]);

  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-keys-'));
    service = await ServingProcess.start(folder);
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  it('can be rotated beside a running service, which signs its next root with the new one', async () => {
    const before = await root();
    const [old] = before.verifier_keys as [string];
    expect(await keys('list')).toMatchObject({
      keys: [{ verifier_key: old, signs: true }],
      handovers: [],
    });
    const rotated = await keys('rotate');
    const [next] = rotated.keys.map((key) => key.verifier_key) as [string];
    expect(next).not.toBe(old);
    expect(rotated.keys.map(({ signs }) => signs)).toEqual([true, false]);
    const after = await root();
    expect(after.verifier_keys).toEqual([next, old]);
    expect(after.handovers).toEqual(rotated.handovers);
    expect([signed(after.checkpoint, next), signed(after.checkpoint, old)]).toEqual([true, false]);
    expect(readHandover(after.handovers[0]!)).toEqual({ from: old, to: next });
    const published = readFileSync(join(folder, 'checkpoints/public-keys.txt'), 'utf8');
    expect(published).toBe(`${next}\n${old}\n`);
  }, 60_000);

  it('extend trust from one key to those before and after it', async () => {
    const { keys: all, handovers } = await keys('rotate');
    const [third, second, first] = all.map((key) => key.verifier_key) as [string, string, string];
    expect(trustedThrough([first], handovers).sort()).toEqual([first, second, third].sort());
    expect(trustedThrough([third], handovers).sort()).toEqual([first, second, third].sort());
    // A changed note, or one with a single signature, extends no trust.
    const forged = handovers.map((note) => note.replace(`new-key ${second}`, `new-key ${third}`));
    expect(trustedThrough([first], forged.slice(0, 1))).toEqual([first]);
    const alone = handovers.map((note) => note.replace(/\n— [^\n]+\n$/, '\n'));
    expect(trustedThrough([first], alone)).toEqual([first]);
  }, 60_000);

  it('let an auditor with the first key check everything signed since', async () => {
    await service.stop();
    const { keys: all } = await keys('list');
    const [third, second, first] = all.map((key) => key.verifier_key) as [string, string, string];
    for (const key of [first, second, third]) {
      const { status, stdout } = await run(['verify', '--key', key], dataDir());
      expect([status, stdout]).toEqual([0, expect.stringContaining('Everything follows.')]);
    }
    const file = await bundle('all.ndjson');
    const held = await run(['check-bundle', file, '--key', first], {});
    expect([held.status, held.stdout]).toEqual([
      0,
      expect.stringContaining('the key 2 places after the one that you gave'),
    ]);
    const direct = await run(['check-bundle', file, '--key', third, '--json'], {});
    expect(JSON.parse(direct.stdout)).toMatchObject({ holds: true, keys_later: 0 });
    const zipped = await bundle('all.ndjson.gz');
    expect(gunzipSync(readFileSync(zipped)).toString()).toContain('"handovers":["minutebook/');
    service = await ServingProcess.start(folder);
  }, 120_000);

  it('are not trusted if no note leads to them, or if the note was changed', async () => {
    const { keys: all } = await keys('list');
    const [, , first] = all.map((key) => key.verifier_key) as [string, string, string];
    const lines = readFileSync(await bundle('changed.ndjson'), 'utf8').split('\n');
    const header = JSON.parse(lines[0]!) as { handovers: string[] };
    const check = async (handovers: readonly string[]) => {
      const file = join(folder, 'changed.ndjson');
      writeFileSync(file, [JSON.stringify({ ...header, handovers }), ...lines.slice(1)].join('\n'));
      return run(['check-bundle', file, '--key', first], {});
    };
    const without = await check(header.handovers.slice(1));
    expect([without.status, without.stdout]).toEqual([
      1,
      expect.stringContaining('signed by another key'),
    ]);
    const changed = await check([
      header.handovers[0]!.replace('old-key', 'old-key '),
      header.handovers[1]!,
    ]);
    expect([changed.status, changed.stdout]).toEqual([
      1,
      expect.stringContaining('does not name an old and a new key'),
    ]);
    const other = await check([
      header.handovers[0]!.replace(/\n\d+\n/, '\n1234\n'),
      header.handovers[1]!,
    ]);
    expect([other.status, other.stdout]).toEqual([
      1,
      expect.stringContaining('signature of the checkpoint is wrong'),
    ]);
  }, 60_000);

  it('are linked again after an interrupted rotation', async () => {
    const notes = join(folder, 'checkpoints');
    const handovers = readdirSync(notes).filter((name) => name.startsWith('handover-'));
    expect(handovers).toHaveLength(2);
    rmSync(join(notes, handovers[0]!));
    const { handovers: now } = await keys('list');
    expect(now).toHaveLength(2);
    expect(readdirSync(notes).filter((name) => name.startsWith('handover-'))).toEqual(handovers);
  }, 60_000);

  it('require a ledger and a subcommand', async () => {
    const none = await run(['signing-keys', 'rotate'], { DATA_DIR: join(folder, 'none') });
    expect([none.status, none.stderr]).toEqual([
      1,
      expect.stringContaining('There is no ledger at'),
    ]);
    expect((await run(['signing-keys'], dataDir())).status).toBe(2);
    expect((await run(['signing-keys', 'remove'], dataDir())).status).toBe(2);
  }, 60_000);
});
