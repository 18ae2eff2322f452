import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readDerived } from './derived';
import { openWorkspace, type Workspace } from './workspace';

const NONE = { items: [], next_cursor: null };
const LOG = {
  record: 'usage_log',
  id: 's-1~1',
  session_id: 's-1',
  attempt: 1,
  billable: true,
  billing_reason: 'first_success',
  transcription_type: 'original',
  billed_seconds: '60',
  included_seconds: '0',
  cost: '0.03',
  cost_cents: 3,
  currency: 'TWD',
  billing_period: '2026-10',
  late: false,
};

describe('what the ledger derives from a table', () => {
  let server: Server;
  let workspace: Workspace;
  let exports: number;

  beforeEach(async () => {
    exports = 0;
    server = createServer((request, reply) => {
      const { pathname } = new URL(request.url!, 'http://x');
      if (pathname !== '/v1/audit/export') {
        const months = { items: [{ period: '2026-10' }], next_cursor: null };
        reply.end(JSON.stringify(pathname === '/v1/billing-periods' ? months : NONE));
      } else if (exports++ === 0) {
        const problem = { code: 'overloaded', detail: 'Too many at once.' };
        reply.writeHead(503, { 'retry-after': '0' }).end(JSON.stringify(problem));
      } else reply.end(`${JSON.stringify(LOG)}\n`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    workspace = openWorkspace();
    workspace.exec(`INSERT INTO rows (line, session, attempt) VALUES (2, 's-1', 1)`);
  });
  afterEach(() => {
    workspace.close();
    server.closeAllConnections();
    server.close();
  });

  it('is read though the service refuses an export for now, as every other answer is', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await readDerived(workspace, { url, key: undefined }, '7');
    expect(exports).toBe(2);
    expect(workspace.prepare('SELECT log, log_cents FROM logs').all()).toEqual([
      { log: 's-1~1', log_cents: 3 },
    ]);
  });
});
