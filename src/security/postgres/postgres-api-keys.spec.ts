import type { Connection, Connections } from '../../postgres/pool';
import { PostgresApiKeys } from './postgres-api-keys';

describe('API keys in PostgreSQL', () => {
  it('are checked for revocations while lookups of keys take all other connections', async () => {
    const end = () => Promise.resolve();
    const taken: Connections = { connect: () => new Promise(() => undefined), end };
    const query = () => Promise.resolve({ rows: [{ count: 3 }] });
    const connection = { query, release: () => undefined } as unknown as Connection;
    const free: Connections = { connect: () => Promise.resolve(connection), end };
    const keys = new PostgresApiKeys(taken, free);
    void keys.find(Buffer.alloc(32));
    expect(await keys.revocations()).toBe(3);
  });
});
