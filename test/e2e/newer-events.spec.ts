import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store';
import { eventually } from '../support/eventually';
import { build, run } from '../support/process';
import { completed, TestService } from '../support/service';

/** Somebody goes back to this version after a newer one has recorded an event of a type that came later. */
describe('an event of a type that only a newer version knows', () => {
  let dataDir: string;
  beforeAll(async () => {
    build();
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-newer-'));
    const service = await TestService.start({ dataDir });
    await service.one(completed({ session_id: 's-1' }));
    await service.close();
    const store = SqliteEventStore.open(join(dataDir, 'events.db'));
    const event = {
      id: randomUUID(),
      type: 'transcription.session.cancelled',
      body: JSON.stringify({ version: 1, data: { session_id: 's-1', user_id: 'ann' } }),
      recordedAt: Date.now(),
    };
    const [outcome] = await store.append([
      { stream: 'session-s-1', expectedRevision: 0, events: [event] },
    ]);
    expect(outcome!.status).toBe('appended');
    await store.close();
  }, 120_000);
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const said =
    'The event at position 3 has the type transcription.session.cancelled, which this program does not know. A newer Minutebook wrote it: run that version or a later one.';

  it('is not skipped: the projection stops before it, and says why', async () => {
    const service = await TestService.start({ dataDir });
    const ready = () =>
      service.getOnce<{ read_model?: { position: string; trouble: string } }>('/health/ready');
    await eventually(async () => (await ready()).body.read_model?.trouble === said);
    expect(await ready()).toMatchObject({ status: 503, body: { read_model: { position: '2' } } });
    const { status } = await service.one(completed({ session_id: 's-1', attempt: 2 }));
    expect(status).toBe(500);
    await service.close();
  });

  it('is a fault to verify', async () => {
    const { status, stdout } = await run(['verify'], { DATA_DIR: dataDir });
    const fault = 'FAULT event: There is no event type transcription.session.cancelled.';
    expect([status, stdout]).toEqual([1, expect.stringContaining(fault)]);
  });
});
