import type { Connection, Connections } from '../../postgres/pool';
import { inTransaction, query } from '../../postgres/statements';
import type { KeptOwner, SignedHead, SignedHeads } from '../signed-head';

/** The signed head and the owner of a schema of kept tables, shared by several instances. */
export class PostgresSignedHead implements SignedHeads, KeptOwner {
  constructor(private readonly connections: Connections) {}

  signedHead(): Promise<SignedHead | undefined> {
    return query(this.connections, readHead);
  }

  moveSignedHead(before: SignedHead | undefined, next: SignedHead): Promise<boolean> {
    return inTransaction(this.connections, async (connection) => {
      // If several instances sign at once, one moves the head and the others read it again.
      await connection.query('LOCK TABLE signed_head IN EXCLUSIVE MODE');
      const now = await readHead(connection);
      if (now?.size !== before?.size || now?.root !== before?.root) return false;
      await connection.query(
        `INSERT INTO signed_head (size, root) VALUES ($1, $2)
         ON CONFLICT (one) DO UPDATE SET size = excluded.size, root = excluded.root`,
        [next.size, next.root],
      );
      return true;
    });
  }

  /** Returns the ledger that the schema belongs to; `undefined` if it has not been claimed. */
  async ledgerId(): Promise<string | undefined> {
    const { rows } = await query(this.connections, (connection) =>
      connection.query<{ ledger_id: string }>('SELECT ledger_id FROM owner'),
    );
    return rows[0]?.ledger_id;
  }

  claim(ledgerId: string): Promise<string> {
    return inTransaction(this.connections, async (connection) => {
      await connection.query(
        'INSERT INTO owner (ledger_id) VALUES ($1) ON CONFLICT (one) DO NOTHING',
        [ledgerId],
      );
      const { rows } = await connection.query<{ ledger_id: string }>('SELECT ledger_id FROM owner');
      return rows[0]!.ledger_id;
    });
  }
}

async function readHead(connection: Connection): Promise<SignedHead | undefined> {
  const { rows } = await connection.query<SignedHead>('SELECT size, root FROM signed_head');
  const [head] = rows;
  return head && { size: Number(head.size), root: head.root };
}
