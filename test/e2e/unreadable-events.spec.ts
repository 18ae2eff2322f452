import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store';
import { eventually } from '../support/eventually';
import { TestService } from '../support/service';

interface Ready {
  readonly read_model: { readonly trouble: string | null } | null;
}

describe('an event whose text was damaged', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-unreadable-'));
    const service = await TestService.start({ dataDir });
    await service.close();
    const store = SqliteEventStore.open(join(dataDir, 'events.db'));
    const event = {
      id: randomUUID(),
      type: 'transcription.session.completed',
      body: '{"version":1,"source":"w","id":"1","personal":{"original_filename":ann.wav"}}',
      recordedAt: Date.now(),
    };
    await store.append([{ stream: 'session-s-1', expectedRevision: -1, events: [event] }]);
    await store.close();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('stops the projection, and the public reason for that does not quote it', async () => {
    const service = await TestService.start({ dataDir });
    try {
      const ready = async () => (await service.getOnce<Ready>('/health/ready')).body;
      await eventually(async () => typeof (await ready()).read_model?.trouble === 'string');
      const answer = await ready();
      expect(answer.read_model?.trouble).toBe(
        'Something went wrong in the service; its log says what.',
      );
      expect(JSON.stringify(answer)).not.toContain('ann');
    } finally {
      await service.close();
    }
  });
});
