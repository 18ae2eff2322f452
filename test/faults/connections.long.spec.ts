import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keysOf } from '../support/keys';
import { build, ServingProcess } from '../support/process';
import { completed, HttpService } from '../support/service';

/** For a long run: FAULT_CONNECTIONS=10000. */
const CONNECTIONS = Number(process.env['FAULT_CONNECTIONS'] ?? 500);
const NOT_READING = Math.min(50, CONNECTIONS / 10);

function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kb) / 1_024);
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

(process.platform === 'linux' ? describe : describe.skip)(
  'the service, with many clients that only hold a connection',
  () => {
    const sockets: Socket[] = [];
    let dataDir: string;
    let serving: ServingProcess;
    beforeAll(async () => {
      build();
      dataDir = mkdtempSync(join(tmpdir(), 'minutebook-held-'));
      serving = await ServingProcess.start(dataDir);
    }, 120_000);
    afterAll(async () => {
      for (const socket of sockets) socket.destroy();
      await serving.kill();
      rmSync(dataDir, { recursive: true, force: true });
    });

    it(`serves others: ${CONNECTIONS} idle ones, ${NOT_READING} that never read their answer`, async () => {
      const keys = keysOf(dataDir);
      const service = new HttpService(serving.url, keys);
      const events = Array.from({ length: 5_000 }, () => completed());
      expect((await service.batch(events)).status).toBe(200);
      const port = Number(new URL(serving.url).port);
      const before = residentMb(serving.pid);
      while (sockets.length < CONNECTIONS) {
        const some = Math.min(200, CONNECTIONS - sockets.length);
        sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(port)))));
      }
      for (const socket of sockets.slice(0, NOT_READING)) {
        socket.pause();
        const ask = `GET /v1/audit/events?limit=500 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.finance}\r\n\r\n`;
        socket.write(ask.repeat(10));
      }
      const took: number[] = [];
      for (let round = 0; round < 50; round += 1) {
        const began = performance.now();
        const { status } = await service.batch([completed({ user_id: 'held' })]);
        took.push(performance.now() - began);
        expect(status).toBe(200);
      }
      const after = residentMb(serving.pid);
      const p95 = took.sort((a, b) => a - b)[47]!;
      if (CONNECTIONS > 500) console.log({ CONNECTIONS, NOT_READING, before, after, p95 });
      expect(p95).toBeLessThan(1_000);
      // An idle connection costs some kilobytes; an answer that nobody reads is held back, not buffered.
      expect(after - before).toBeLessThan(150 + CONNECTIONS / 40);
      // Open connections do not keep the service from stopping.
      expect(await serving.stop()).toBe(0);
    }, 120_000);
  },
);
