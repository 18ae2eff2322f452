import { setImmediate as turn } from 'node:timers/promises';

import type {
  Kysely,
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';

/** How long one piece of work reads before other work on its thread gets a turn. */
const TURN_MS = 10;

/**
 * Returns a database whose queries give way to other work on the thread. Between two queries, other work gets a turn;
 * once `signal` is aborted, the next query fails with the signal's reason. A plain SQLite query never gives way.
 */
export function politely<Tables>(db: Kysely<Tables>, signal: AbortSignal): Kysely<Tables> {
  return db.withPlugin(new Politeness(signal));
}

class Politeness implements KyselyPlugin {
  private turnedAt = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    if (performance.now() - this.turnedAt > TURN_MS) {
      await turn();
      this.turnedAt = performance.now();
    }
    this.signal.throwIfAborted();
    return result;
  }
}
